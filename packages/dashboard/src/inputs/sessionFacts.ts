import { basename } from 'node:path';
import { type Clock, type ClockAnchor, systemClock } from '@benchlab-otel/core';
import { type AlignedPair, type ReadSession, readSession, startOf } from '@benchlab-otel/session';
import type { RawPower } from '@benchlab-otel/wire';
import type { Fact } from '../model/fact.ts';
import { bookmarkStageOf, isFlowStage } from '../model/flowMarks.ts';
import { LineClock } from './lineClock.ts';
import { latencyFact } from './lineFacts.ts';

/** A session that was read as facts, in the order of time, and what was wrong with it. */
export interface SessionFacts {
  readonly facts: readonly Fact[];
  readonly clock: LineClock;
  readonly refused: { readonly count: number; readonly reason: string } | undefined;
  /** What the facts do not say: that a number is not known. */
  readonly note: string | undefined;
}

/** The name that a session gets by itself: the second in which it opened. */
const nameOfTime = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z/;
const nsPerMs = 1e6;

/**
 * The frames of a session with the power of the bench, and the power itself.
 *
 * @throws BenchlabError when the folder is not a session
 */
export async function sessionFacts(folder: string, node: string, clock: Clock = systemClock): Promise<SessionFacts> {
  const session = await readSession(folder);
  const times = new LineClock(clock, anchorOf(session));
  const { powers, refused, cut } = session.raw;
  const facts = [
    ...powers.map((power) => powerFact(power, node, times)),
    ...framesOf(session, node, times),
    ...flowOf(session, node, times),
  ];
  facts.sort((a, b) => a.timeMs - b.timeMs);
  const reason = refused.first.at(-1) ?? cut.at(-1) ?? '';
  const count = refused.count + cut.length;
  const note = session.isRowsAlone ? 'the raw lines were removed: frames that were dropped are not known' : undefined;
  return { facts, clock: times, refused: count === 0 ? undefined : { count, reason }, note };
}

function powerFact({ timeNs, watts, source, simulated }: RawPower, node: string, times: LineClock): Fact {
  const mark = simulated === true ? { simulated } : {};
  return { kind: 'power', timeMs: times.epochMs(timeNs), node, source, watts, ...mark };
}

function framesOf({ pairs, raw }: ReadSession, node: string, times: LineClock): readonly Fact[] {
  return pairs.flatMap((pair) => [
    ...pair.rows.map((row) => latencyFact(row, node, times.epochMs(row.timeNs))),
    ...droppedOf(pair, raw.events, node, times),
  ]);
}

/** The marks of a flow, and the bookmarks that may stand for them. */
function flowOf({ raw, file }: ReadSession, node: string, times: LineClock): readonly Fact[] {
  const marks = raw.events.filter(({ stage }) => isFlowStage(stage));
  const bookmarks = (file?.bookmarks ?? []).map(({ name, timeNs }) => ({ stage: bookmarkStageOf(name), timeNs }));
  return [...marks, ...bookmarks].map(({ stage, timeNs }) => ({
    ...{ kind: 'stage' as const, node, stage, timeNs, timeMs: times.epochMs(timeNs) },
  }));
}

/** The events at the first stage that no row begins with, as frames without a latency. */
function droppedOf(
  { pair: [from, to], rows, dropped }: AlignedPair,
  events: ReadSession['raw']['events'],
  node: string,
  times: LineClock,
): readonly Fact[] {
  if (dropped === 0) return [];
  // By its time, in whole ns: rows of events without a frame id have no other name for it.
  const begun = new Set(rows.map(({ timeNs, latencyMs }) => Math.round(timeNs - latencyMs * nsPerMs)));
  const lost = events.filter(({ stage, timeNs }) => stage === from && !begun.has(Math.round(timeNs)));
  return lost.slice(0, dropped).map(({ timeNs, frameId, simulated }) => ({
    kind: 'latency' as const,
    timeMs: times.epochMs(timeNs),
    node,
    from,
    to,
    isExact: frameId !== undefined,
    ...(simulated === true ? { simulated } : {}),
  }));
}

/** By `session.json`; else by the name of the folder, which is the second of its first line; else the clocks of this host. */
function anchorOf(session: ReadSession): ClockAnchor | undefined {
  const { file, paths } = session;
  const [first] = file?.clocks ?? [];
  if (first !== undefined) return { ...first, epochNs: BigInt(first.epochNs) };
  const [, date, hour, minute, second] = nameOfTime.exec(basename(paths.folder)) ?? [];
  const openedMs = Date.parse(`${date}T${hour}:${minute}:${second}Z`);
  const timeNs = startOf(session);
  if (Number.isNaN(openedMs) || timeNs === undefined) return undefined;
  return { timeNs, epochNs: BigInt(openedMs) * 1_000_000n, uncertaintyNs: 1e9 };
}
