import { OptionError } from '@benchlab-otel/core';
import type { AlignedPair } from '../align/alignedRows.ts';
import type { ReadSession } from '../readSession.ts';

/** A part of the time of a session, ms since its first line. */
export interface SessionPart {
  readonly from?: number;
  readonly to?: number;
}

const nsPerMs = 1e6;

/** The time of the first line of a session, ns, or of its first frame; undefined where it has no event and no power. */
export function startOf({ raw: { events, powers }, pairs }: Pick<ReadSession, 'raw' | 'pairs'>): number | undefined {
  let least = Number.POSITIVE_INFINITY;
  // Events are exact; a row has the time of its second stage and the latency.
  for (const { rows } of events.length === 0 ? pairs : []) {
    for (const { timeNs, latencyMs } of rows) least = Math.min(least, timeNs - latencyMs * nsPerMs);
  }
  for (const { timeNs } of events) least = Math.min(least, timeNs);
  for (const { timeNs } of powers) least = Math.min(least, timeNs);
  return Number.isFinite(least) ? least : undefined;
}

/**
 * The frames that reached the first stage from `from` on, and before `to`. They were paired over the whole session: a frame at the
 * edge is not taken for a dropped one.
 *
 * @throws OptionError where `to` is not after `from`
 */
export function partOfSession(session: ReadSession, { from, to }: SessionPart): ReadSession {
  if (from === undefined && to === undefined) return session;
  if (from !== undefined && to !== undefined && to <= from) {
    throw new OptionError({ option: 'to', value: to, allowed: `a time after ${from} ms, where the part begins` });
  }
  const startNs = startOf(session) ?? 0;
  const isIn = (timeNs: number) =>
    timeNs >= startNs + (from ?? 0) * nsPerMs && timeNs < startNs + (to ?? Number.POSITIVE_INFINITY) * nsPerMs;
  const events = session.raw.events.filter(({ timeNs }) => isIn(timeNs));
  return {
    ...session,
    raw: { ...rawOf(session), events, powers: session.raw.powers.filter(({ timeNs }) => isIn(timeNs)) },
    pairs: session.pairs.map((pair) => partOfPair(pair, isIn)),
  };
}

/** The fields, where `raw` is an object of a class. */
function rawOf({ raw: { others, refused, cut } }: ReadSession) {
  return { others, refused, cut };
}

function partOfPair(pair: AlignedPair, isIn: (timeNs: number) => boolean): AlignedPair {
  const rows = pair.rows.filter(({ timeNs, latencyMs }) => isIn(timeNs - latencyMs * nsPerMs));
  const droppedNs = pair.droppedNs.filter(isIn);
  return { ...pair, rows, dropped: pair.dropped === undefined ? undefined : droppedNs.length, droppedNs };
}
