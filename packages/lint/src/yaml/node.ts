import type { Position } from '../findings/finding.ts';

/** YAML with the place of each value. Aliases and merge keys are resolved: the same node may stand at two places. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | bigint | null;
  /** `block`: after `|` or `>`; its text starts on the line after `at`. */
  readonly style: 'plain' | 'quoted' | 'block';
  readonly at: Position;
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly at: Position;
}

export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  readonly at: Position;
}

export interface YamlEntry {
  readonly key: string;
  readonly keyAt: Position;
  readonly value: YamlNode;
}

/** The entry at a path of keys. Undefined where a key is missing or something on the way is not a map. */
export function entryAt(node: YamlNode | undefined, ...path: readonly string[]): YamlEntry | undefined {
  let found: YamlEntry | undefined;
  let here = node;
  for (const key of path) {
    found = entriesOf(here).find((entry) => entry.key === key);
    if (found === undefined) return undefined;
    here = found.value;
  }
  return found;
}

/** The value at a path of keys. */
export function nodeAt(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  return path.length === 0 ? node : entryAt(node, ...path)?.value;
}

/** The entries of a map; none of anything else. */
export function entriesOf(node: YamlNode | undefined): readonly YamlEntry[] {
  return node?.kind === 'map' ? node.entries : [];
}

/** The items of a list; none of anything else. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The text of a scalar as written in YAML's terms: `true`, `4317`, `a word`. Undefined of null, of lists and maps. */
export function textAt(node: YamlNode | undefined, ...path: readonly string[]): string | undefined {
  const found = nodeAt(node, ...path);
  return found?.kind === 'scalar' && found.value !== null ? String(found.value) : undefined;
}

/** Every node below and including this one. */
export function nodesBelow(node: YamlNode): readonly YamlNode[] {
  const nodes: YamlNode[] = [];
  const visit = (each: YamlNode) => {
    nodes.push(each);
    if (each.kind === 'list') for (const item of each.items) visit(item);
    if (each.kind === 'map') for (const { value } of each.entries) visit(value);
  };
  visit(node);
  return nodes;
}
