import type { Clock } from '@benchlab-otel/core';

export interface QuietOptions {
  readonly clock: Clock;
  /** CLOCK_MONOTONIC of the latest sign of life. */
  readonly lastActivityNs: () => number;
  /** This time without a sign of life is quiet. */
  readonly quietMs: number;
  /** The longest wait. */
  readonly timeoutMs: number;
}

/**
 * Resolves with true once nothing has come for a while, with false when that did not happen in time. Asked for after
 * the child has exited: what it sent is in our buffers by then, and only a process it left behind can send more.
 */
export function waitForQuiet({ clock, lastActivityNs, quietMs, timeoutMs }: QuietOptions): Promise<boolean> {
  const startedNs = clock.nowNs();
  const deadlineNs = startedNs + timeoutMs * 1e6;
  return new Promise((resolve) => {
    const look = () => {
      const quietAtNs = Math.max(startedNs, lastActivityNs()) + quietMs * 1e6;
      const nowNs = clock.nowNs();
      if (nowNs >= quietAtNs) resolve(true);
      else if (nowNs >= deadlineNs) resolve(false);
      else clock.at(Math.min(quietAtNs, deadlineNs), look);
    };
    look();
  });
}
