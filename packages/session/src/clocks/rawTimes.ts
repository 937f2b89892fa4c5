import type { Clock } from '@benchlab-otel/core';
import type { TimeTranslation } from '@benchlab-otel/wire';

/** CLOCK_MONOTONIC_RAW against CLOCK_MONOTONIC at one instant. */
export interface RawBracket {
  /** CLOCK_MONOTONIC, ns. */
  readonly timeNs: number;
  /** CLOCK_MONOTONIC_RAW, ns, at the same instant. */
  readonly rawNs: number;
  /** Half the time that reading both took, ns. */
  readonly uncertaintyNs: number;
}

/** Most that the kernel lets NTP turn CLOCK_MONOTONIC against CLOCK_MONOTONIC_RAW: MAXFREQ, 500 ppm (include/linux/timex.h). */
const mostSlew = 500e-6;
/** A bracket is read again after this, ns. */
const bracketForNs = 1e9;

/**
 * Translates CLOCK_MONOTONIC_RAW of this host, by a bracket that is read again each second. What lies further from it is less
 * certain, by as much as NTP may have turned the clock meanwhile.
 */
export function rawTimes(clock: Clock, read: () => RawBracket): TimeTranslation {
  let bracket: RawBracket | undefined;
  return (rawNs) => {
    if (rawNs > Number.MAX_SAFE_INTEGER) return { reason: 'is the time of day, not CLOCK_MONOTONIC_RAW' };
    if (bracket === undefined || clock.nowNs() - bracket.timeNs > bracketForNs) bracket = read();
    const sinceNs = rawNs - bracket.rawNs;
    const timeNs = Math.round(bracket.timeNs + sinceNs);
    if (timeNs < 0) return { reason: 'is a time of CLOCK_MONOTONIC_RAW before the start of the host' };
    return { timeNs, uncertaintyNs: bracket.uncertaintyNs + Math.abs(sinceNs) * mostSlew };
  };
}
