/** What is done when the process ends without a shutdown before. */
export interface ProcessEnd {
  /** The program has nothing left to do: the process waits for this. Never rejects. */
  readonly byItself: () => Promise<unknown>;
  /** `process.exit()` or an uncaught error: only what is synchronous still runs. Never throws. */
  readonly atOnce: () => void;
}

/** The process has ended after this number of `beforeExit`: a timer of its own may fall into each turn. */
const maxRounds = 100;

/**
 * Calls them when the process ends. The returned function undoes it. A program may begin more work at `beforeExit`, such as
 * closing its database: so the process has ended by itself only when a turn of the event loop later nothing of that
 * still runs.
 */
export function atProcessEnd({ byItself, atOnce }: ProcessEnd): () => void {
  let rounds = 0;
  // At the first beforeExit it is not known yet whether its other listeners begin something.
  let isAtWork = true;
  const beforeExit = (): void => {
    rounds += 1;
    if (!isAtWork || rounds > maxRounds) {
      process.off('beforeExit', beforeExit);
      void byItself();
      return;
    }
    isAtWork = false;
    setImmediate(() => {
      // It does not keep the process alive: a second turn comes only where other work does.
      setImmediate(() => {
        isAtWork = true;
      }).unref();
    });
  };
  process.on('beforeExit', beforeExit);
  process.once('exit', atOnce);
  return () => {
    process.off('beforeExit', beforeExit);
    process.off('exit', atOnce);
  };
}
