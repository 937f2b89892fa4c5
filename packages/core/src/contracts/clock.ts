/**
 * Time, passed in: logic in this project reads the time and waits only through this.
 *
 * `timeNs` everywhere in this project is CLOCK_MONOTONIC in nanoseconds as a plain number: comparable between all
 * processes of a host, and exact for 104 days of uptime (2^53 ns).
 */
export interface Clock {
  /** CLOCK_MONOTONIC now, in nanoseconds. */
  nowNs(): number;
  /** The same instant on the monotonic and on the wall clock, to convert between the two. */
  anchor(): ClockAnchor;
  /**
   * Runs `task` once at `timeNs`, or as soon as possible when that has passed. The returned function cancels it. A task
   * in the background does not keep the process alive.
   */
  at(timeNs: number, task: () => void, options?: { readonly background?: boolean }): () => void;
}

/** One instant on both clocks. */
export interface ClockAnchor {
  /** CLOCK_MONOTONIC, ns. */
  readonly timeNs: number;
  /** Wall clock, ns since 1970 as a big integer (beyond 2^53). */
  readonly epochNs: bigint;
  /** Half the time that reading both clocks took, ns. */
  readonly uncertaintyNs: number;
}

const nsPerMs = 1e6;

/** The host's clocks. */
export const systemClock: Clock = {
  nowNs: hrtimeNs,
  anchor() {
    // performance.timeOrigin + performance.now() has microsecond steps, where Date.now() has milliseconds.
    const before = hrtimeNs();
    const epochMs = performance.timeOrigin + performance.now();
    const after = hrtimeNs();
    const wholeMs = Math.floor(epochMs);
    return {
      timeNs: (before + after) / 2,
      epochNs: BigInt(wholeMs) * 1_000_000n + BigInt(Math.round((epochMs - wholeMs) * nsPerMs)),
      uncertaintyNs: (after - before) / 2,
    };
  },
  at(timeNs, task, options) {
    const timer = setTimeout(task, Math.max(0, (timeNs - hrtimeNs()) / nsPerMs));
    if (options?.background) timer.unref();
    return () => clearTimeout(timer);
  },
};

function hrtimeNs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}

/** Wall-clock nanoseconds of a monotonic instant. */
export function toEpochNs(anchor: ClockAnchor, timeNs: number): bigint {
  return anchor.epochNs + BigInt(Math.round(timeNs - anchor.timeNs));
}

/** Monotonic nanoseconds of a wall-clock instant. */
export function toTimeNs(anchor: ClockAnchor, epochNs: bigint): number {
  return anchor.timeNs + Number(epochNs - anchor.epochNs);
}
