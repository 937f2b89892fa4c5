import { stat } from 'node:fs/promises';
import { counted } from '@benchlab-otel/analysis';
import { inputAddress } from '@benchlab-otel/dashboard';
import { rowsCsv } from '@benchlab-otel/dashboard/model';
import { textScreen, viewLines, viewObject } from '@benchlab-otel/dashboard/terminal';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { untilSignalOr } from '../host/ending.ts';
import { printable } from '../report/printable.ts';
import { openFeed } from './openFeed.ts';
import { plotOf } from './plotOf.ts';
import type { TuiCommandOptions } from './tuiOptions.ts';

/** How long inputs without an end are read, ms. */
const liveMs = 2_000;
/** Time between two checks whether inputs have ended, ns. */
const checkEveryNs = 20e6;
/** Characters of a snapshot where the output is not a terminal: the two sizes that the screen is made for. */
const snapshotSize = { width: 140, height: 40 };

/** Reads what the inputs hold, prints it in the form that was asked for, and ends. */
export async function readOnce(host: CommandHost, options: TuiCommandOptions): Promise<number> {
  const replayed = options.replay === undefined ? options : { ...options, input: [options.replay] };
  const { replay: _, ...plainOptions } = replayed;
  const { dashboard, feed, close } = await openFeed(host, plainOptions);
  try {
    await feed.start();
    await hasRead(host, plainOptions.input, () => dashboard.view({}, Date.now()).inputs);
  } finally {
    await feed.stop();
    await close();
  }
  dashboard.finish();
  const nowMs = Date.now();
  const view = dashboard.view({}, nowMs);
  const { terminal } = host;
  if (options.snapshot === 'csv') terminal.out(rowsCsv(dashboard.rows({}, nowMs)).replaceAll('\r\n', '\n'));
  else if (options.snapshot === 'text') {
    const { redraws, columns, rows } = terminal;
    const size = redraws ? { width: Math.max(80, columns), height: Math.max(24, rows - 1) } : snapshotSize;
    const looks = { ...plotOf(host.environment), themeName: options.theme, columns: options.columns ?? [] };
    terminal.out(textScreen(dashboard, { nowMs, ...looks, ...size }));
  } else if (options.json) terminal.out(`${JSON.stringify(viewObject(view), null, 2)}\n`);
  else
    terminal.out(
      viewLines(view)
        .map((line) => `${line}\n`)
        .join(''),
    );
  for (const { name, condition, reason } of view.inputs) {
    if (reason !== undefined) terminal.err(`${printable(name)}: ${condition}. ${printable(reason)}\n`);
  }
  if (view.refusedLines > 0) terminal.err(`${counted(view.refusedLines, 'line')} refused\n`);
  if (view.facts > 0) return exitCode.pass;
  return view.inputs.some(({ reason }) => reason !== undefined) ? exitCode.trouble : exitCode.inconclusive;
}

/** Resolves when standard input has ended, and inputs without an end were read for two seconds. */
async function hasRead(
  host: CommandHost,
  inputs: readonly string[],
  states: () => readonly { readonly name: string; readonly condition: string }[],
): Promise<void> {
  const { clock } = host;
  const kinds = await Promise.all(inputs.map(async (input) => ({ input, kind: await kindOf(input) })));
  const untilNs = clock.nowNs() + liveMs * 1e6;
  const ending = untilSignalOr(undefined, host);
  let isEnded = false;
  void ending.ended.then(() => {
    isEnded = true;
  });
  const isRead = () =>
    kinds.every(({ input, kind }) => {
      if (kind === 'whole') return true;
      if (kind === 'live') return clock.nowNs() >= untilNs;
      return states().find(({ name }) => name === input)?.condition === 'ended';
    });
  while (!isEnded && !isRead()) {
    await new Promise<void>((resolve) => void clock.at(clock.nowNs() + checkEveryNs, resolve));
  }
  ending.end();
}

/** `whole`: it has an end that a stop reads to. */
async function kindOf(input: string): Promise<'whole' | 'stream' | 'live'> {
  const { address } = inputAddress(input);
  if (address.kind === 'stdin') return 'stream';
  if (address.kind !== 'path') return 'live';
  const isFifo = await stat(address.path).then(
    (found) => found.isFIFO(),
    () => false,
  );
  return isFifo ? 'live' : 'whole';
}
