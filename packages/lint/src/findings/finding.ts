/** `error`: data is lost or exposed, or the file cannot be read. `warning`: it will be, under conditions that the message names. */
export type Severity = 'error' | 'warning';

/** One mistake at one place. */
export interface Finding {
  /** The id of the rule, in words with hyphens: `memory-limiter-first`. Stable: users write it into files. */
  readonly rule: string;
  readonly severity: Severity;
  /** What is wrong, and what it leads to: whole sentences. Never a secret. */
  readonly message: string;
  /** What to write instead: one sentence in the imperative. */
  readonly fix: string;
  /** The path as it was given. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. Absent where the whole line is meant. */
  readonly column?: number;
}

/** Where something stands in a file, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** In the order of files, lines, columns and rules; the same finding once. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const sorted = [...findings].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      (a.column ?? 0) - (b.column ?? 0) ||
      compare(a.rule, b.rule) ||
      compare(a.message, b.message),
  );
  return sorted.filter((finding, index) => index === 0 || !isSame(finding, sorted[index - 1]));
}

function isSame(a: Finding, b: Finding | undefined): boolean {
  return (
    a.file === b?.file && a.line === b.line && a.column === b.column && a.rule === b.rule && a.message === b.message
  );
}

/** By code units: the order does not follow the language of the machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
