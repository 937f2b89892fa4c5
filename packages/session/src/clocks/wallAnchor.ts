import { type Clock, systemClock } from '@benchlab-otel/core';
import type { SessionClock } from '../folder/sessionFile.ts';

/** Difference from which the wall clock was set, or the host slept: far above what reading both clocks takes. */
const stepMs = 50;

/**
 * One instant on both clocks, as it is now. The anchor of a clock counts from where the wall clock stood when the process
 * began: after the wall clock was set, or the host slept, that is another time of day.
 */
export function wallAnchor(clock: Clock, wallMs: (() => number) | undefined = wallOf(clock)): SessionClock {
  const { timeNs, epochNs, uncertaintyNs } = clock.anchor();
  const now = wallMs?.();
  const isSame = now === undefined || Math.abs(now - Number(epochNs / 1_000_000n)) <= stepMs;
  if (isSame) return { timeNs, epochNs: String(epochNs), uncertaintyNs };
  // Date.now() has whole milliseconds: the middle of the one, to either end of it.
  return { timeNs, epochNs: String(BigInt(now) * 1_000_000n + 500_000n), uncertaintyNs: uncertaintyNs + 500_000 };
}

/** How far the wall clock has moved against CLOCK_MONOTONIC between two anchors, s. */
export function clockStepSeconds(before: SessionClock, after: SessionClock): number {
  const epochNs = Number(BigInt(after.epochNs) - BigInt(before.epochNs));
  return (epochNs - (after.timeNs - before.timeNs)) / 1e9;
}

function wallOf(clock: Clock): (() => number) | undefined {
  return clock === systemClock ? Date.now : undefined;
}
