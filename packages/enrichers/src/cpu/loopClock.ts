import { performance } from 'node:perf_hooks';
import { systemClock } from '@benchlab-otel/core';
import { threadCpu } from './threadCpu.ts';

/** Three times of one thread with an event loop, in nanoseconds since a fixed instant. */
export interface LoopTimes {
  readonly wallNs: number;
  /** Time on the CPU. */
  readonly cpuNs: number;
  /** Time in the wait for events. */
  readonly idleNs: number;
}

/** Reads them one at a time, because the first is read at each switch and the others once in a millisecond. */
export interface LoopClock {
  wallNs(): number;
  cpuNs(): number;
  idleNs(): number;
  /** Gives back what it holds. After that it is not read again. */
  close?(): void;
}

/** The clocks of the thread that calls it. */
export function loopClock(): LoopClock {
  const cpu = threadCpu();
  return {
    wallNs: systemClock.nowNs,
    cpuNs: cpu.nowNs,
    // Milliseconds, counted by libuv for the event loop of each thread.
    idleNs: () => performance.eventLoopUtilization().idle * 1e6,
    close: cpu.close,
  };
}
