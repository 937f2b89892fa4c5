import type { LoopTimes } from './loopClock.ts';

/**
 * How long a thread was ready to run and not on the CPU between two readings, in nanoseconds: the time that it neither
 * used nor idled. 0 where the readings cannot show it: clocks that stand still, step back or are not numbers.
 */
export function offCpuNs(from: LoopTimes, to: LoopTimes): number {
  const usedNs = to.cpuNs - from.cpuNs;
  const offNs = busyNs(from, to) - usedNs;
  return usedNs >= 0 && offNs > 0 ? offNs : 0;
}

/** Time outside of the idle wait for events, in nanoseconds. */
export function busyNs(from: LoopTimes, to: LoopTimes): number {
  return to.wallNs - from.wallNs - (to.idleNs - from.idleNs);
}
