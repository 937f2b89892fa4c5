import { stat } from 'node:fs/promises';
import { counted } from '@benchlab-otel/analysis/figures';
import { type Feed, inputAddress } from '@benchlab-otel/dashboard';
import type { Dashboard, DashboardView } from '@benchlab-otel/dashboard/model';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { untilSignalOr } from '../host/ending.ts';
import { printable } from '../report/printable.ts';

/** How long inputs without an end are read, ms. */
const liveMs = 2_000;
/** Time between two checks whether inputs have ended, ns. */
const checkEveryNs = 20e6;

/** Reads what the inputs of a feed hold: files and folders to their end, standard input until it ends, others for two seconds. */
export async function readToEnd(
  host: CommandHost,
  dashboard: Dashboard,
  feed: Feed,
  inputs: readonly string[],
): Promise<void> {
  try {
    await feed.start();
    await hasRead(host, inputs, () => dashboard.inputs);
  } finally {
    await feed.stop();
  }
  dashboard.finish();
}

/** Reports what could not be read on standard error. Returns the exit code. */
export function readingCode({ terminal }: Pick<CommandHost, 'terminal'>, view: DashboardView): number {
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
