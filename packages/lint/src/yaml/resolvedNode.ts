import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';
import type { Position } from '../findings/finding.ts';
import type { YamlEntry, YamlNode } from './node.ts';

/** Values that the aliases of a file may unfold to. Configuration with anchors has some hundreds. */
const maxUnfolded = 100_000;

export type YamlLimit = 'unfolded' | 'alias';

/** A document that is not resolved: its aliases unfold to too much, or an alias has no anchor before it. */
export class Unresolved extends Error {
  readonly limit: YamlLimit;
  readonly at: Position;

  constructor(limit: YamlLimit, at: Position) {
    super(limit);
    this.limit = limit;
    this.at = at;
  }
}

type At = (offset: number) => Position;

export interface Resolved {
  /** Undefined when the document is empty. */
  readonly node: YamlNode | undefined;
  /** Places of keys that stand in their map before. */
  readonly duplicates: readonly Position[];
}

/** A document of the `yaml` package as a tree of ours. @throws Unresolved */
export function resolvedNode({ contents }: Document | Document.Parsed, at: At): Resolved {
  if (contents === null || (isScalar(contents) && contents.value === null)) return { node: undefined, duplicates: [] };
  const resolver = new Resolver(at);
  return { node: resolver.node(contents as Node), duplicates: resolver.duplicates };
}

interface Anchored {
  readonly node: YamlNode;
  /** Values that it unfolds to. */
  readonly size: number;
}

/**
 * Walks in the order of the text, so the anchor of an alias is known when the alias comes. An alias shares the node of its
 * anchor and counts with all that it unfolds to: every later walk is bounded.
 */
class Resolver {
  readonly #at: At;
  readonly #anchors = new Map<string, Anchored>();
  /** The package checks for them too, by comparing each key with each: minutes for a map of 2 MiB. */
  readonly duplicates: Position[] = [];
  #size = 0;
  #unfolded = 0;

  constructor(at: At) {
    this.#at = at;
  }

  node(node: Node | null): YamlNode {
    const at = this.#at(node?.range?.[0] ?? 0);
    if (isAlias(node)) return this.#anchored(node.source, at);
    const before = this.#size++;
    const made = this.#made(node, at);
    const anchor = (node as Scalar | null)?.anchor;
    if (anchor !== undefined) this.#anchors.set(anchor, { node: made, size: this.#size - before });
    return made;
  }

  #anchored(name: string, at: Position): YamlNode {
    const anchored = this.#anchors.get(name);
    if (anchored === undefined) throw new Unresolved('alias', at);
    this.#size += anchored.size;
    this.#unfolded += anchored.size;
    if (this.#unfolded > maxUnfolded) throw new Unresolved('unfolded', at);
    return anchored.node;
  }

  #made(node: Node | null, at: Position): YamlNode {
    if (isMap(node)) {
      const keys = new Set<string>();
      const entries = node.items.flatMap((pair) => this.#entries(pair as Pair<Node, Node | null>));
      for (const { key, keyAt, isMerged } of entries) {
        if (isMerged) continue;
        if (keys.has(key)) this.duplicates.push(keyAt);
        keys.add(key);
      }
      return { kind: 'map', entries: ownFirst(entries), at };
    }
    if (isSeq(node)) {
      return { kind: 'list', items: node.items.map((item) => this.node(item as Node)), at };
    }
    const scalar = node as Scalar<string | number | boolean | null> | null;
    return { kind: 'scalar', value: scalar?.value ?? null, style: styleOf(scalar), at };
  }

  #entries({ key, value }: Pair<Node, Node | null>): readonly MergeableEntry[] {
    const keyNode = this.node(key);
    const made = this.node(value);
    // A value that is left out has its place after the colon, which is not where a reader looks.
    const isLeftOut = made.kind === 'scalar' && made.value === null && made.style === 'plain';
    const placed = isLeftOut ? { ...made, at: keyNode.at } : made;
    if (keyNode.kind !== 'scalar') return [];
    if (keyNode.value === '<<' && keyNode.style === 'plain') return mergedEntries(placed);
    return [{ key: String(keyNode.value), keyAt: keyNode.at, value: placed }];
  }
}

type MergeableEntry = YamlEntry & { readonly isMerged?: boolean };

function mergedEntries(node: YamlNode): readonly MergeableEntry[] {
  if (node.kind === 'map') return node.entries.map((entry) => ({ ...entry, isMerged: true }));
  return node.kind === 'list' ? node.items.flatMap(mergedEntries) : [];
}

/** One entry for each key: the map's own before a merged one, an earlier merged one before a later. */
function ownFirst(entries: readonly MergeableEntry[]): readonly YamlEntry[] {
  if (!entries.some(({ isMerged }) => isMerged)) return entries;
  const kept = new Map<string, YamlEntry>();
  for (const merged of [false, true]) {
    for (const { isMerged = false, ...entry } of entries) {
      if (isMerged === merged && !kept.has(entry.key)) kept.set(entry.key, entry);
    }
  }
  return [...kept.values()];
}

function styleOf(scalar: Scalar | null): 'plain' | 'quoted' | 'block' {
  if (scalar?.type === 'QUOTE_DOUBLE' || scalar?.type === 'QUOTE_SINGLE') return 'quoted';
  return scalar?.type === 'BLOCK_FOLDED' || scalar?.type === 'BLOCK_LITERAL' ? 'block' : 'plain';
}
