import { shared } from './shared.ts';
import type { Body } from './watch.ts';

/** Different functions of one name that have a number of their own; a program that makes functions without end needs a bound. */
const maxAlike = 100;

const known = /* @__PURE__ */ shared('functions', new Map<string, string[]>());

/**
 * The name of a plain function by which its spans and series are known: its own, or `name`. A second function of a name
 * is `name#2`, so that two functions never are one series by accident; a function that is made again at the same place
 * stays the same.
 */
export function functionName(fn: Body, name: string = fn.name || 'anonymous'): string {
  // The line of the caller, and for engines without stacks the text.
  const place = `${new Error().stack?.split('\n')[4]}${fn}`;
  const places = known.get(name) ?? [];
  known.set(name, places);
  let index = places.indexOf(place);
  if (index < 0 && places.length < maxAlike) index = places.push(place) - 1;
  return index > 0 ? `${name}#${index + 1}` : name;
}
