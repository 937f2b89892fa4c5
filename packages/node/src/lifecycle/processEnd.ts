/** What is done when the process ends without a shutdown before. */
export interface ProcessEnd {
  /** The program has nothing left to do: the process waits for this. Never rejects. */
  readonly byItself: () => Promise<unknown>;
  /** `process.exit()` or an uncaught error: only what is synchronous still runs. Never throws. */
  readonly atOnce: () => void;
}

/** Calls them when the process ends. The returned function undoes it. */
export function atProcessEnd({ byItself, atOnce }: ProcessEnd): () => void {
  const beforeExit = (): void => void byItself();
  process.once('beforeExit', beforeExit);
  process.once('exit', atOnce);
  return () => {
    process.off('beforeExit', beforeExit);
    process.off('exit', atOnce);
  };
}
