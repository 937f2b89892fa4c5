import { type Judgement, parsePage, summariseOperations } from '@benchlab-otel/analysis';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { judgementLines } from '../report/judgementLines.ts';
import { printable } from '../report/printable.ts';
import { boundedBytes } from './boundedBytes.ts';
import { budgetJudgement } from './budgetJudgement.ts';
import { fileAnswers } from './fileAnswers.ts';
import type { ProbeFile } from './probeFile.ts';
import { fileOf, readProbeFile } from './readProbeFile.ts';
import { type ReadTelemetry, readTelemetry } from './readTelemetry.ts';
import { saveBounds } from './telemetryText.ts';

/** Bytes of a saved file: a character of UTF-8 has up to 4, and most have 1. */
const maxSavedBytes = 2 * saveBounds.characters;

/** Holds each file against the expectations, prints the judgements, and resolves with the exit code of the worst. */
export async function checkFiles(
  { terminal }: Pick<CommandHost, 'terminal'>,
  paths: readonly string[],
  expect: string | true,
): Promise<number> {
  const file = await readProbeFile(fileOf(expect));
  const saved = await Promise.all(paths.map(async (path) => ({ path, telemetry: await read(path) })));
  const outcomes = saved.flatMap(({ path, telemetry }) => {
    const judgements = judged(telemetry, file);
    const lines = [printable(path), ...judgementLines(judgements)];
    terminal.out(`${lines.map((line) => `${line}\n`).join('')}\n`);
    return judgements.map(({ outcome }) => outcome);
  });
  if (outcomes.includes('fail')) return exitCode.fail;
  return outcomes.includes('inconclusive') ? exitCode.inconclusive : exitCode.pass;
}

function judged({ observed, lost }: ReadTelemetry, file: ProbeFile): readonly Judgement[] {
  // How many spans were lost is not in the file.
  const evidence = {
    operations: summariseOperations(observed.spans),
    missingSpans: 0,
    ...(lost.spans === undefined ? {} : { missingText: lost.spans }),
    metered: false,
  };
  const { verdicts, judgements } = fileAnswers(file, observed, lost, evidence);
  return [...verdicts.map(budgetJudgement), ...judgements];
}

async function read(path: string): Promise<ReadTelemetry> {
  let bytes: Uint8Array;
  try {
    bytes = await boundedBytes(path, maxSavedBytes);
    if (bytes.length > maxSavedBytes) throw new Error(`it has more than ${maxSavedBytes / 2 ** 20} MiB`);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  const text = new TextDecoder().decode(bytes);
  return /^\s*(?:\{|$)/.test(text) ? readTelemetry(path, text) : readPage(path, text);
}

/** A page shows series at one instant: what else is expected cannot be decided by it. */
function readPage(path: string, text: string): ReadTelemetry {
  try {
    const lost = { spans: 'a metrics page has no spans', logs: 'a metrics page has no log records' };
    return { observed: { series: parsePage(text), spans: [], logs: [] }, lost };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): BenchlabError {
  const fix = 'Name a file that benchlab-probe run --save FILE wrote, or a metrics page of Prometheus.';
  return new BenchlabError('BAD_OPTION', `${path} cannot be read: ${messageOf(cause)}`.replace(/\.?$/, '.'), fix, {
    cause,
  });
}
