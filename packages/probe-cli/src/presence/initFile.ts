import { lstat } from 'node:fs/promises';
import { counted, judgeExpectations, type Observed } from '@benchlab-otel/analysis';
import { BenchlabError } from '@benchlab-otel/core';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { printable } from '../report/printable.ts';
import { measuredRun } from '../run/measuredRun.ts';
import { prepareOutputFile } from '../run/outputFile.ts';
import { programOf } from '../run/runEvents.ts';
import { expectationsOf } from './probeFile.ts';
import { probeText } from './probeText.ts';
import { RunView } from './runView.ts';
import { type SeenEntries, writtenFrom } from './writtenFrom.ts';

export interface InitOptions {
  readonly out: string;
  /** A file of that name is replaced. */
  readonly force?: boolean;
}

/** Runs a program, and writes the expectations that its telemetry meets. Resolves with the exit code. */
export async function initFile(
  host: CommandHost,
  { out, force = false }: InitOptions,
  command: readonly string[],
): Promise<number> {
  if (!force) await refuseExisting(out);
  const file = await prepareOutputFile(out, '--out');
  const view = new RunView();
  const { child, troubles } = await measuredRun({ command, host, wanted: view });
  for (const trouble of troubles) host.terminal.err(`benchlab-probe: ${printable(trouble)}\n`);
  if (child.code !== 0) {
    host.terminal.err(`benchlab-probe: the program failed with ${child.code}; ${out} was not written\n`);
    return child.code;
  }
  const entries = passing(writtenFrom(view.observed), view.observed);
  const count = entries.series.length + entries.spans.length + entries.logs.length;
  if (count === 0) {
    throw new BenchlabError(
      'NO_REPLY',
      `No telemetry of the program arrived, so ${out} was not written.`,
      'Check that it starts an OpenTelemetry SDK, sends OTLP to OTEL_EXPORTER_OTLP_ENDPOINT, and flushes before it ends.',
    );
  }
  if (!force) await refuseExisting(out);
  await file.write(probeText(entries, programOf(command)));
  const { series, spans, logs } = entries;
  const parts = [counted(spans.length, 'span'), `${series.length} series`, counted(logs.length, 'log event')];
  host.terminal.out(`${printable(out)}: ${parts.join(', ')}\n`);
  return troubles.length > 0 ? exitCode.trouble : exitCode.pass;
}

/** Without entries that this run itself does not meet: what init writes must pass. */
function passing({ series, spans, logs, leftOut }: SeenEntries, observed: Observed): SeenEntries {
  const written = [...series, ...spans, ...logs];
  const expectations = expectationsOf({
    version: 1,
    series: series.map(({ entry }) => entry),
    spans: spans.map(({ entry }) => entry),
    logs: logs.map(({ entry }) => entry),
  });
  const judgements = judgeExpectations(expectations, observed);
  const kept = new Set<unknown>(written.filter((_, index) => judgements[index]?.outcome === 'pass'));
  return {
    series: series.filter((each) => kept.has(each)),
    spans: spans.filter((each) => kept.has(each)),
    logs: logs.filter((each) => kept.has(each)),
    leftOut: leftOut + written.length - kept.size,
  };
}

async function refuseExisting(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  throw new BenchlabError('BAD_OPTION', `--out ${path} exists.`, 'Name another file, or add --force to replace it.');
}
