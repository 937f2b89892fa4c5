/** A terminal with a keyboard, or a small real thing in its place in tests. */
export interface ScreenDevice {
  readonly columns: number;
  readonly rows: number;
  /** Resolves when the terminal has taken all of it: the next frame waits for that, so nothing piles up. Never rejects. */
  write(text: string): Promise<void>;
  /** For the end of the process, after which nothing runs. */
  writeSync(text: string): void;
  /** Keys come as they are typed until the returned function is called. */
  listen(input: (text: string) => void): () => void;
  onResize(resized: () => void): () => void;
  /** Stops the process as Ctrl-Z does, and returns when it was continued. */
  suspend(): void;
  /** SIGTSTP and SIGCONT from outside; the process is ended by itself or by an error that was not caught. */
  onJob(handlers: {
    readonly stop: () => void;
    readonly continued: () => void;
    readonly dying: () => void;
  }): () => void;
}
