import { printableLines } from '../report/printable.ts';

/**
 * Where a command writes: results to `out` (standard output), progress and errors to `err` (standard error). No text can make
 * a terminal act: what is not printable is escaped, but line feeds and tabs.
 */
export interface Terminal {
  /** @param over the lines before it that it replaces, where `redraws` is true */
  out(text: string, over?: number): void;
  /** @param over the lines before it that it replaces, where `errRedraws` is true */
  err(text: string, over?: number): void;
  /** Standard output is a terminal that can be redrawn. */
  readonly redraws: boolean;
  /** Characters in a line of it. */
  readonly columns: number;
  readonly rows: number;
  /** Standard error is a terminal that can be redrawn, and the characters in a line of it. Absent where it is not. */
  readonly errRedraws?: boolean;
  readonly errColumns?: number;
  /** Calls `gone` once when standard output accepts no more, as after `| head` or on a full disk. */
  onClosed(gone: () => void): void;
  /** Resolves when everything has been written. With the error, if one lost a part of it. */
  written(): Promise<Error | undefined>;
}

/** The streams of this process. */
export function processTerminal(): Terminal {
  const listeners: (() => void)[] = [];
  let lost: Error | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // EPIPE: the reader closed the pipe because it has what it wanted. After any other error, output is missing.
    if (error.code !== 'EPIPE') lost ??= error;
    for (const gone of listeners.splice(0)) gone();
  });
  // Nothing reads standard error any more. That does not change the result.
  process.stderr.on('error', () => undefined);
  return {
    out: (text, over = 0) => void process.stdout.write(upBy(over) + printableLines(text)),
    err: (text, over = 0) => void process.stderr.write(upBy(over) + printableLines(text)),
    get redraws() {
      return process.stdout.isTTY === true && process.env.TERM !== 'dumb';
    },
    get columns() {
      return process.stdout.columns ?? 80;
    },
    get rows() {
      return process.stdout.rows ?? 24;
    },
    get errRedraws() {
      return process.stderr.isTTY === true && process.env.TERM !== 'dumb';
    },
    get errColumns() {
      return process.stderr.columns ?? 80;
    },
    onClosed: (gone) => void listeners.push(gone),
    written: async () => {
      await new Promise<void>((resolve) => {
        process.stdout.write('', () => resolve());
      });
      // The error event comes after the callback of the write that failed.
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      return lost;
    },
  };
}

/** CSI n A, CSI J (ECMA-48): up n lines, and erase to the end of the screen. */
function upBy(lines: number): string {
  return lines === 0 ? '' : `\x1b[${lines}A\x1b[J`;
}
