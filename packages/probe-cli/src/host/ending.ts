import type { CommandHost } from './commandHost.ts';
import type { EndSignal, Signals } from './signals.ts';

/** What ends a command that runs until it is interrupted. */
export interface Ending {
  /** Resolves when it is time to end. */
  readonly ended: Promise<void>;
  end(): void;
}

/**
 * A signal, or `forMs` milliseconds, whichever comes first. Its listeners are gone once it has ended.
 *
 * @param which the signals; all that end a command unless named
 */
export function untilSignalOr(
  forMs: number | undefined,
  { clock, signals }: Pick<CommandHost, 'clock' | 'signals'>,
  which?: readonly EndSignal[],
): Ending {
  let resolveEnded = () => {};
  const ended = new Promise<void>((resolve) => {
    resolveEnded = resolve;
  });
  const stopListening = signals.listen(() => end(), which);
  const cancel = forMs === undefined ? undefined : clock.at(clock.nowNs() + forMs * 1e6, () => end());
  // A promise alone does not keep a process alive; without a time limit this does.
  const alive = setInterval(() => undefined, 60_000);
  const end = () => {
    stopListening();
    cancel?.();
    clearInterval(alive);
    resolveEnded();
  };
  return { ended, end };
}

/** Runs a task of a few seconds that a signal must not interrupt: after a second Ctrl-C, the recording would be lost. */
export async function uninterrupted(signals: Signals, task: () => Promise<void>): Promise<void> {
  const stopListening = signals.listen(() => undefined);
  try {
    await task();
  } finally {
    stopListening();
  }
}
