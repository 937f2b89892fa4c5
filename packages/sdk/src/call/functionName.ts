import { shared } from './shared.ts';
import type { Body } from './watch.ts';

/** Two a function. A program may make functions without end: further ones of a name share one. */
const maxEntries = 2_000;

/** By name, how many functions have it; by the name and the place of a function, which of them it is. */
const known = /* @__PURE__ */ shared('places', new Map<string, number>());
const names = /* @__PURE__ */ shared('names', new WeakMap<Body, string>());

/**
 * The name of a plain function by which its spans and series are known: its own, or `name`. A second function of a name
 * is `name#2`, so that two functions never are one series by accident; a function that is marked twice, or made again at
 * the same place, stays the same.
 */
export function functionName(fn: Body, name: string = fn.name || 'anonymous'): string {
  let full = names.get(fn);
  if (full) return full;
  // The line of the caller, and for engines without stacks the text. In some applications a stack is not a text.
  const place = `${name}${new Error().stack?.split?.('\n')[4]}${fn}`;
  let index = known.get(place);
  if (!index) {
    index = (known.get(name) ?? 0) + 1;
    if (known.size < maxEntries) known.set(name, index).set(place, index);
  }
  full = index > 1 ? `${name}#${index}` : name;
  names.set(fn, full);
  return full;
}
