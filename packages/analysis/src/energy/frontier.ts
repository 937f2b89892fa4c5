import type { OperationCalls } from './estimate/estimateInput.ts';
import type { Interval } from './settlement/weights.ts';

/** A span with the name of its operation and, where it is known, its time on the CPU. */
export interface NamedSpan extends Interval {
  readonly name: string;
  /** CPU seconds of the span: with the spans below it, and its own. */
  readonly cpuSeconds?: { readonly total: number; readonly self: number };
  /** How far `startNs` and `endNs` may each be off, ns. */
  readonly uncertaintyNs?: number;
}

/** Deeper spans than this get no figure of their own; what they used is part of the spans above them. */
const maxLevels = 8;

/** The spans of one depth, and what shares the bench with them. */
export interface Frontier {
  /** The operations whose spans have this depth. */
  readonly names: readonly string[];
  /** Those of `names` in their order, then spans above that have no part running meanwhile, as one. */
  readonly operations: readonly OperationCalls[];
  /** Those of `names` with calls that have spans below them. */
  readonly parents: ReadonlySet<string>;
}

/**
 * For each depth of nesting the calls that divide the bench there: the spans of that depth, and of the spans above them
 * the time in which nothing below them ran. So the parts of a span divide what the span has, and a span of another tree
 * shares the bench with them also where it has no parts.
 *
 * @param isWeighted calls count by their time on the CPU, which all spans have; else each counts 1
 */
export function frontiers(spans: readonly NamedSpan[], isWeighted: boolean): readonly Frontier[] {
  const nodes = nest(spans);
  const depth = nodes.reduce((deepest, node) => Math.max(deepest, node.depth), 0);
  const levels: Frontier[] = [];
  for (let level = 0; level <= Math.min(depth, maxLevels - 1); level++) {
    const byName = new Map<string, CallList>();
    const above = new CallList();
    const parents = new Set<string>();
    for (const node of nodes) {
      if (node.depth === level) {
        const list = byName.get(node.span.name) ?? new CallList();
        byName.set(node.span.name, list);
        list.add(node.span.startNs, node.span.endNs, isWeighted ? totalShare(node.span) : 1);
        if (node.below.length > 0) parents.add(node.span.name);
      } else if (node.depth < level) {
        const free = freeOf(node);
        const freeNs = free.reduce((sum, [from, to]) => sum + to - from, 0);
        const weight = isWeighted ? Math.max(leastShare, ((node.span.cpuSeconds?.self ?? 0) * 1e9) / freeNs) : 1;
        for (const [from, to] of free) above.add(from, to, weight);
      }
    }
    const lists = [...byName].map(([name, list]) => list.calls(name));
    if (above.length > 0) lists.push(above.calls('(above)'));
    levels.push({ names: [...byName.keys()], operations: lists, parents });
  }
  return levels;
}

interface Node {
  readonly span: NamedSpan;
  readonly below: NamedSpan[];
  depth: number;
}

function nest(spans: readonly NamedSpan[]): readonly Node[] {
  const nodes = spans.map((span): Node => ({ span, below: [], depth: -1 }));
  const byId = new Map(nodes.map((node) => [node.span.spanId, node]));
  const parentOf = ({ span }: Node): Node | undefined => {
    const parent = span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);
    // A part that runs on after its parent has ended is a part of nothing then.
    return parent !== undefined && parent.span.endNs > span.startNs && parent.span.startNs < span.endNs
      ? parent
      : undefined;
  };
  for (const node of nodes) {
    const path: Node[] = [];
    let at: Node | undefined = node;
    // A cycle of parents ends where it is met again: -2 marks nodes on the way.
    while (at !== undefined && at.depth === -1) {
      at.depth = -2;
      path.push(at);
      at = parentOf(at);
    }
    let depth = at === undefined || at.depth === -2 ? 0 : at.depth + 1;
    for (const each of path.reverse()) {
      each.depth = depth++;
      if (each.depth > 0) parentOf(each)?.below.push(each.span);
    }
  }
  return nodes;
}

/** The time of a span in which nothing below it ran, in pieces, ns. */
function freeOf({ span, below }: Node): readonly (readonly [number, number])[] {
  const pieces: (readonly [number, number])[] = [];
  let from = span.startNs;
  for (const part of below.toSorted((a, b) => a.startNs - b.startNs)) {
    if (part.startNs > from) pieces.push([from, Math.min(part.startNs, span.endNs)]);
    from = Math.max(from, part.endNs);
  }
  if (from < span.endNs) pieces.push([from, span.endNs]);
  return pieces.filter(([start, end]) => end > start);
}

/**
 * Calls that only wait have no time on the CPU. Alone on the bench its power is theirs all the same, and where all of them
 * wait they share it equally; next to a call that works, this weight is nothing.
 */
const leastShare = 1e-6;

function totalShare({ startNs, endNs, cpuSeconds }: NamedSpan): number {
  return Math.max(leastShare, ((cpuSeconds?.total ?? 0) * 1e9) / (endNs - startNs));
}

class CallList {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #weights: number[] = [];

  get length(): number {
    return this.#starts.length;
  }

  add(startNs: number, endNs: number, weight: number): void {
    this.#starts.push(startNs);
    this.#ends.push(endNs);
    this.#weights.push(Number.isFinite(weight) ? weight : 0);
  }

  calls(name: string): OperationCalls {
    return { name, startsNs: this.#starts, endsNs: this.#ends, weights: this.#weights };
  }
}
