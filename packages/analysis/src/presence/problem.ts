import { nearest } from '@benchlab-otel/core';

/** One thing that is not as expected, as a clause of a sentence. */
export interface Problem {
  readonly text: string;
  /** Telemetry that was lost could have prevented it. */
  readonly isCurable?: true;
}

/** Names that a message lists. */
const maxNames = 5;

/** `; nearest: a, b`, or what there is instead. Empty where there is nothing. */
export function nearestText(wanted: string, names: Iterable<string>): string {
  const all = [...new Set(names)].filter((name) => name !== wanted);
  const near = nearest(wanted, all);
  if (near.length > 0) return `; nearest: ${near.join(', ')}`;
  if (all.length === 0) return '';
  const more = all.length > maxNames ? ` and ${all.length - maxNames} more` : '';
  return `; what is there: ${all.slice(0, maxNames).join(', ')}${more}`;
}

/** `it`, `all 3 of them`, `2 of them`. */
export function ofThem(some: number, all: number): string {
  if (all === 1) return 'it';
  return some === all ? `all ${all} of them` : `${some} of them`;
}

/** `its parent`, `the parent of 2 of them`. */
export function nounOf(noun: string, some: number, all: number): string {
  return all === 1 ? `its ${noun}` : `the ${noun} of ${ofThem(some, all)}`;
}

/** `it is`, `2 of them are`. */
export function ofThemAre(some: number, all: number): string {
  return `${ofThem(some, all)} ${some === 1 ? 'is' : 'are'}`;
}

/** `it has`, `2 of them have`. */
export function ofThemHave(some: number, all: number): string {
  return `${ofThem(some, all)} ${some === 1 ? 'has' : 'have'}`;
}
