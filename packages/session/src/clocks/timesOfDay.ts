import type { Clock } from '@benchlab-otel/core';
import type { TimeTranslation, TranslatedTime } from '@benchlab-otel/wire';
import type { SessionClock } from '../folder/sessionFile.ts';
import { wallAnchor } from './wallAnchor.ts';

/** The time of day as a number has steps of 256 ns (2^60 to 2^61 ns: from 2006 to 2043). */
const resolutionNs = 128;
/** An anchor is read again after this, ns. */
const anchorForNs = 1e9;

/**
 * Translates the time of day by instants on both clocks: between two of them by a straight line, outside by the nearest. The
 * uncertainty holds how far the two clocks moved against each other between them, as when the wall clock is set.
 *
 * @param anchors at least one, in the order of CLOCK_MONOTONIC
 */
export function timesOfDay(anchors: readonly SessionClock[]): TimeTranslation {
  const known = anchors.map(({ timeNs, epochNs, uncertaintyNs }) => ({
    timeNs,
    epoch: BigInt(epochNs),
    uncertaintyNs,
  }));
  return (epochNs) => {
    const epoch = BigInt(Math.round(epochNs));
    const after = known.findIndex((anchor) => anchor.epoch >= epoch);
    const before = known[after < 0 ? known.length - 1 : Math.max(0, after - 1)];
    const next = known[after] ?? before;
    if (before === undefined || next === undefined)
      return { reason: 'is the time of day, and no instant on both clocks is known' };
    const sinceNs = Number(epoch - before.epoch);
    const [wallNs, monotonicNs] = [Number(next.epoch - before.epoch), next.timeNs - before.timeNs];
    const timeNs = before.timeNs + (wallNs > 0 && sinceNs > 0 ? sinceNs * (monotonicNs / wallNs) : sinceNs);
    const movedNs = Math.abs(wallNs - monotonicNs);
    const uncertaintyNs = Math.max(before.uncertaintyNs, next.uncertaintyNs) + movedNs + resolutionNs;
    return inRange({ timeNs: Math.round(timeNs), uncertaintyNs });
  };
}

/** Translates the time of day while it is recorded, by the clocks of this moment. */
export function timesOfDayNow(clock: Clock): TimeTranslation {
  let anchor: SessionClock | undefined;
  return (epochNs) => {
    if (epochNs <= Number.MAX_SAFE_INTEGER) return { reason: 'is not a time of day in nanoseconds since 1970' };
    if (anchor === undefined || clock.nowNs() - anchor.timeNs > anchorForNs) anchor = wallAnchor(clock);
    return timesOfDay([anchor])(epochNs);
  };
}

function inRange(time: TranslatedTime): ReturnType<TimeTranslation> {
  if (time.timeNs >= 0 && time.timeNs <= Number.MAX_SAFE_INTEGER) return time;
  return { reason: 'is a time of day before the start of the host' };
}
