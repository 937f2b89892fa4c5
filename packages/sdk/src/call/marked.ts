import type { ExpectedError } from './expected.ts';
import { shared } from './shared.ts';
import type { Body } from './watch.ts';

/** What all marks of one function share, in any order. */
export interface Marked {
  /** The errors that one of the marks expects are expected by all. */
  readonly expected: ExpectedError[];
  /** The name of a plain function that has none of its own. */
  name?: string;
}

const marked = /* @__PURE__ */ shared('marked', new WeakMap<object, Marked>());

/** That of `fn`, where it is made by a mark; else a new one: two marks of one plain function are two functions. */
export function markedOf(fn: Body): Marked {
  return marked.get(fn) ?? { expected: [] };
}

/** Remembers it for the mark that is put around `wrapper`. */
export function keepMarked(wrapper: Body, of: Marked): void {
  marked.set(wrapper, of);
}
