import type { Clock } from '@benchlab-otel/core';
import type { EndSignal, Signals } from '../host/signals.ts';
import type { Child } from './child.ts';

export interface ForwardOptions {
  readonly signals: Signals;
  readonly clock: Clock;
  /** Ctrl-C at the terminal reaches the child without us. */
  readonly atTerminal: boolean;
}

/** Time that a child has after the first signal: twice what a shutdown of telemetry takes at most. */
const patienceMs = 5_000;
/** One Ctrl-C may come twice within this time, from the terminal and from a launcher such as npx. */
const sameKeypressMs = 500;

/**
 * Passes SIGINT, SIGTERM and SIGHUP on to the child until the returned function is called. A child that still runs after
 * five seconds, or when a second signal comes, is killed. Ctrl-C at a terminal reaches the child without us: passing it
 * on would interrupt it twice. As a child may use Ctrl-C for something else, there is no time limit then; a second
 * Ctrl-C still kills.
 */
export function forwardSignals(child: Child, { signals, clock, atTerminal }: ForwardOptions): () => void {
  let firstNs: number | undefined;
  let cancel: (() => void) | undefined;
  const forward = (signal: EndSignal) => {
    const nowNs = clock.nowNs();
    if (firstNs !== undefined && nowNs - firstNs < sameKeypressMs * 1e6) return;
    if (firstNs !== undefined) {
      child.kill();
      return;
    }
    firstNs = nowNs;
    if (atTerminal && signal === 'SIGINT') return;
    child.signal(signal);
    cancel = clock.at(nowNs + patienceMs * 1e6, () => child.kill());
  };
  const stopListening = signals.listen(forward);
  void child.exited.then(() => cancel?.());
  return () => {
    cancel?.();
    stopListening();
  };
}
