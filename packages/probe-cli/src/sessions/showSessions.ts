import { counted, percent, seconds, significant } from '@benchlab-otel/analysis';
import { type PairSummary, pairSummary, type ReadSession } from '@benchlab-otel/session';
import type { CommandHost } from '../host/commandHost.ts';
import { printable, printableLines } from '../report/printable.ts';
import { table } from '../report/table.ts';
import { eachSession } from './eachSession.ts';
import type { SessionOptions } from './sessionOptions.ts';

interface ShowOptions extends SessionOptions {
  readonly json?: boolean;
}

interface ShownSession {
  readonly folder: string;
  readonly name: string | null;
  readonly events: number;
  readonly powerSamples: number;
  readonly refusedLines: number;
  readonly pairs: readonly PairSummary[];
}

/** `sessions show`: the figures of each pair of stages. */
export async function showSessions(
  host: CommandHost,
  { json = false, ...options }: ShowOptions,
  folders: readonly string[],
): Promise<number> {
  const shown: ShownSession[] = [];
  const code = await eachSession(host, options, folders, (session, folder) => {
    shown.push(shownSession(session, folder));
  });
  const { out } = host.terminal;
  if (json) out(`${printableLines(JSON.stringify({ sessions: shown }, undefined, 2))}\n`);
  else out(`${shown.map((each) => textOf(each).join('\n')).join('\n\n')}\n`);
  return code;
}

function shownSession({ file, raw, pairs }: ReadSession, folder: string): ShownSession {
  return {
    folder,
    name: file?.name ?? null,
    events: raw.events.length,
    powerSamples: raw.powers.length,
    refusedLines: raw.refused.count,
    pairs: pairs.map(pairSummary),
  };
}

function textOf({ folder, events, powerSamples, pairs }: ShownSession): readonly string[] {
  const headline = `${printable(folder)}: ${counted(events, 'event')}, ${counted(powerSamples, 'power sample')}`;
  if (pairs.length === 0) return [headline, 'No two stages.'];
  const header = ['from → to', 'frames', 'dropped', 'p50', 'p95', 'p99', 'max', 'J/frame', 'with energy'];
  return [headline, ...table(header, pairs.map(row)), ...pairs.flatMap(notes)];
}

function row(summary: PairSummary): readonly string[] {
  const { pair, frames, dropped, p50Ms, p95Ms, p99Ms, maxMs, joulesPerFrame, energyCoverage } = summary;
  const time = (ms: number | undefined) => (ms === undefined ? '–' : seconds(ms / 1e3));
  const joules = joulesPerFrame === undefined ? '–' : significant(joulesPerFrame);
  const latencies = [p50Ms, p95Ms, p99Ms, maxMs].map(time);
  return [pair.join(' → '), String(frames), String(dropped), ...latencies, joules, percent(energyCoverage)];
}

function notes({ pair, byOrder, unmatched, simulated }: PairSummary): readonly string[] {
  const name = printable(pair.join(' → '));
  return [
    ...(byOrder === 0 ? [] : [`${name}: ${counted(byOrder, 'frame')} paired by order of time, wrong after a drop`]),
    ...(unmatched === 0 ? [] : [`${name}: ${counted(unmatched, 'frame')} had not been at the first stage before`]),
    ...(simulated ? [`${name}: simulated`] : []),
  ];
}
