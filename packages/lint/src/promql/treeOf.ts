import type { Tree } from '@lezer/common';
import type { LRParser } from '@lezer/lr';

/** Levels of brackets. The parsers take seconds for thousands of them, and recursion for the tree. */
const maxBrackets = 100;

/** The tree of a query. Undefined where it is nested too deep. */
export function treeOf(parser: LRParser, text: string): Tree | undefined {
  if (bracketsOf(text) > maxBrackets) return undefined;
  try {
    return parser.parse(text);
  } catch (error) {
    // Signs nest, too: the stack of the library ends before its text does.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function bracketsOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [found] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|[()[\]{}]/g)) {
    if (found === '(' || found === '[' || found === '{') deepest = Math.max(deepest, ++depth);
    else if (found.length === 1) depth--;
  }
  return deepest;
}
