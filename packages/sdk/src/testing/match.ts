/** What a matcher found, in the form that `expect.extend` of Vitest and Jest wants. */
export interface Match {
  readonly pass: boolean;
  /** Why it did not pass; where it passed, what was found, for `.not`. */
  message(): string;
}

/** One thing that the test may have meant, and how it differs. */
export interface Candidate {
  readonly title: string;
  readonly faults: readonly string[];
}

const shownCandidates = 3;

/** The candidates that differ least, as lines of a message. */
export function nearest(candidates: readonly Candidate[]): string {
  return candidates
    .toSorted((a, b) => a.faults.length - b.faults.length)
    .slice(0, shownCandidates)
    .map(({ title, faults }) => `  ${title}: ${faults.join('; ')}`)
    .join('\n');
}

/** Names are compared by this many first characters, because the effort grows with the square. */
const comparedLength = 64;

/** The number of edits from one name to the other (Levenshtein), for names that were mistyped. */
export function editDistance(one: string, other: string): number {
  const [a, b] = [one.slice(0, comparedLength), other.slice(0, comparedLength)];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, letter] of a.split('').entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column++) {
      const kept = (row[column - 1] ?? 0) + (letter === b[column - 1] ? 0 : 1);
      next.push(Math.min(kept, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
