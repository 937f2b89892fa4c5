import type { Tree } from '@lezer/common';
import type { LRParser } from '@lezer/lr';

/** The tree of a text. Undefined where it is nested deeper than the stack: the library builds the tree by recursion. */
export function treeOf(parser: LRParser, text: string): Tree | undefined {
  try {
    return parser.parse(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
