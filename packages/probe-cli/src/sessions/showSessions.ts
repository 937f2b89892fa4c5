import { counted, percent, seconds, significant } from '@benchlab-otel/analysis';
import { type PairSummary, pairSummary, type ReadSession, startOf } from '@benchlab-otel/session';
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
  /** Its raw lines were removed. */
  readonly isRowsAlone: boolean;
  readonly refusedLines: number;
  /** CLOCK_MONOTONIC of its first line, ns: times of the worst frames are shown from there. */
  readonly startNs: number | null;
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

function shownSession(session: ReadSession, folder: string): ShownSession {
  const { file, raw, pairs } = session;
  return {
    folder,
    name: file?.name ?? null,
    events: raw.events.length,
    powerSamples: raw.powers.length,
    isRowsAlone: session.isRowsAlone === true,
    refusedLines: raw.refused.count,
    startNs: startOf(session) ?? null,
    pairs: pairs.map(pairSummary),
  };
}

function textOf({ folder, events, powerSamples, isRowsAlone, startNs, pairs }: ShownSession): readonly string[] {
  const lines = `${counted(events, 'event')}, ${counted(powerSamples, 'power sample')}`;
  const headline = `${printable(folder)}: ${isRowsAlone ? 'rows alone, the raw lines were removed' : lines}`;
  if (pairs.length === 0) return [headline, 'No two stages.'];
  const header = ['from → to', 'frames', 'dropped', 'p50', 'p95', 'p99', 'max', 'J/frame', 'with energy'];
  return [
    headline,
    ...table(header, pairs.map(row)),
    ...pairs.flatMap((pair) => [...worstLine(pair, startNs ?? 0), ...notes(pair)]),
  ];
}

function row(summary: PairSummary): readonly string[] {
  const { pair, frames, dropped, p50Ms, p95Ms, p99Ms, maxMs, joulesPerFrame, energyCoverage } = summary;
  const time = (ms: number | undefined) => (ms === undefined ? '–' : seconds(ms / 1e3));
  const joules = joulesPerFrame === undefined ? '–' : significant(joulesPerFrame);
  const latencies = [p50Ms, p95Ms, p99Ms, maxMs].map(time);
  return [
    pair.join(' → '),
    String(frames),
    dropped === undefined ? '–' : String(dropped),
    ...latencies,
    joules,
    percent(energyCoverage),
  ];
}

/** `ingress → encoded: worst 180 ms at 1.00 s, 100 ms at 0 s`. The times are those at the first stage. */
function worstLine({ pair, worst }: PairSummary, startNs: number): readonly string[] {
  if (worst.length === 0) return [];
  const frames = worst.map(({ timeNs, latencyMs, frameId }) => {
    const enteredMs = (timeNs - startNs) / 1e6 - latencyMs;
    const name = frameId === undefined ? '' : ` (frame ${printable(frameId)})`;
    return `${seconds(latencyMs / 1e3)} at ${(enteredMs / 1e3).toFixed(3)} s${name}`;
  });
  return [`${printable(pair.join(' → '))}: worst ${frames.join(', ')}`];
}

function notes({ pair, byOrder, unmatched, simulated }: PairSummary): readonly string[] {
  const name = printable(pair.join(' → '));
  return [
    ...(byOrder === 0 ? [] : [`${name}: ${counted(byOrder, 'frame')} paired by order of time, wrong after a drop`]),
    ...(unmatched === 0 ? [] : [`${name}: ${counted(unmatched, 'frame')} had not been at the first stage before`]),
    ...(simulated ? [`${name}: simulated`] : []),
  ];
}
