import { type Clock, systemClock } from '@benchlab-otel/core';
import type { Child } from './child.ts';

export interface ForwardOptions {
  readonly clock?: Clock;
  /** Ctrl-C reaches the child without us. */
  readonly atTerminal?: boolean;
}

/** A child that was told to end has this long; what a shutdown of telemetry takes at most, twice. */
const PATIENCE_MS = 5_000;
/** One Ctrl-C may come twice, from the terminal and from a launcher such as npx. */
const SAME_KEYPRESS_MS = 500;

/**
 * Passes SIGINT, SIGTERM and SIGHUP on to the child until the returned function is called. A child that is still there
 * after five seconds, or when a second signal comes, is killed. At a terminal Ctrl-C reaches the child without us:
 * passing it on would interrupt it twice, and as a child may use it for something else there is no time limit on it;
 * a second one still kills.
 */
export function forwardSignals(child: Child, options: ForwardOptions = {}): () => void {
  const clock = options.clock ?? systemClock;
  const atTerminal = options.atTerminal ?? process.stdin.isTTY === true;
  let firstNs: number | undefined;
  let cancel: (() => void) | undefined;
  const forward = (signal: NodeJS.Signals) => {
    const nowNs = clock.nowNs();
    if (firstNs !== undefined && nowNs - firstNs < SAME_KEYPRESS_MS * 1e6) return;
    if (firstNs !== undefined) {
      child.kill();
      return;
    }
    firstNs = nowNs;
    if (atTerminal && signal === 'SIGINT') return;
    child.signal(signal);
    cancel = clock.at(nowNs + PATIENCE_MS * 1e6, () => child.kill());
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, forward);
  void child.exited.then(() => cancel?.());
  return () => {
    cancel?.();
    for (const signal of signals) process.off(signal, forward);
  };
}
