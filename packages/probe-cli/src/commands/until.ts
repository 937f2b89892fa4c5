/** What a command that runs on is ended by. */
export interface Ending {
  /** Resolves when it is time to end. */
  readonly ended: Promise<void>;
  end(): void;
}

/**
 * Does what takes seconds at most without being ended in its middle: at a second Ctrl-C, what was recorded would be lost.
 */
export async function uninterrupted(task: () => Promise<void>): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const hear = () => undefined;
  for (const signal of signals) process.on(signal, hear);
  try {
    await task();
  } finally {
    for (const signal of signals) process.off(signal, hear);
  }
}

/** SIGINT, SIGTERM, SIGHUP, or `forMs`, whichever is first. Its listeners are gone once it has ended. */
export function untilSignalOr(forMs: number | undefined): Ending {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    const timer = forMs === undefined ? undefined : setTimeout(() => end(), forMs);
    // A promise alone keeps no process alive; without a limit of time this does.
    const alive = setInterval(() => undefined, 60_000);
    end = () => {
      clearTimeout(timer);
      clearInterval(alive);
      process.off('SIGINT', end);
      process.off('SIGTERM', end);
      process.off('SIGHUP', end);
      resolve();
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
    process.on('SIGHUP', end);
  });
  return { ended, end: () => end() };
}
