import type { LoopTimes } from './loopClock.ts';

/**
 * The share of its busy time that a thread was on the CPU between two readings, 0 to 1. Busy is all but the idle wait for
 * events. 1 where the readings cannot say it: clocks that stand still, step back or are not numbers.
 */
export function onCpuShare(from: LoopTimes, to: LoopTimes): number {
  const busyNs = to.wallNs - from.wallNs - (to.idleNs - from.idleNs);
  const cpuNs = to.cpuNs - from.cpuNs;
  const share = cpuNs / busyNs;
  return busyNs > 0 && share >= 0 && share < 1 ? share : 1;
}
