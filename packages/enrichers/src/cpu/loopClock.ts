import { performance } from 'node:perf_hooks';
import { systemClock } from '@benchlab-otel/sdk';

/** Three times of one thread with an event loop, in nanoseconds since a fixed instant. */
export interface LoopTimes {
  readonly wallNs: number;
  /** Time on the CPU. */
  readonly cpuNs: number;
  /** Time in the wait for events. */
  readonly idleNs: number;
}

/** Reads them: one at a time, because the first is read at each switch and the others once in a millisecond. */
export interface LoopClock {
  wallNs(): number;
  cpuNs(): number;
  idleNs(): number;
}

/**
 * The clocks of the thread that calls them. Node 20 cannot read the CPU time of one thread. There it is the time of the
 * whole process, so that time off the CPU is found only while the other threads of the process are quiet.
 */
export const loopClock: LoopClock = {
  wallNs: systemClock.nowNs,
  cpuNs: () => microseconds(hasThreadClock(process) ? process.threadCpuUsage() : process.cpuUsage()) * 1e3,
  // Milliseconds, from the metrics of libuv; counted in each thread on its own.
  idleNs: () => performance.eventLoopUtilization().idle * 1e6,
};

/** Since Node 22.19 and 23.9; the types are of Node 20. */
interface ThreadClock {
  threadCpuUsage(): NodeJS.CpuUsage;
}

function hasThreadClock(host: object): host is ThreadClock {
  return 'threadCpuUsage' in host;
}

function microseconds({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}
