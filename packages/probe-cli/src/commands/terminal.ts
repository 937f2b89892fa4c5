/** Where a command writes: results to `out` (standard output), progress and errors to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Standard output is a terminal that can be redrawn. */
  readonly redraws: boolean;
  /** Characters in a line of it. */
  readonly columns: number;
  readonly rows: number;
  /** Calls `gone` once nobody reads standard output any more, as after `| head`. */
  onClosed(gone: () => void): void;
}

/** The streams of this process. */
export function processTerminal(): Terminal {
  const listeners: (() => void)[] = [];
  process.stdout.on('error', () => {
    for (const gone of listeners.splice(0)) gone();
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    get redraws() {
      return process.stdout.isTTY === true && process.env.TERM !== 'dumb';
    },
    get columns() {
      return process.stdout.columns ?? 80;
    },
    get rows() {
      return process.stdout.rows ?? 24;
    },
    onClosed: (gone) => void listeners.push(gone),
  };
}
