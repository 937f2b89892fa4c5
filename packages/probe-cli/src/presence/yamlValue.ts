import { entriesOf, type Finding, itemsOf, type Position, type YamlNode } from '@benchlab-otel/lint';

/** A place in a file: keys and indexes from its root. */
export type FilePath = readonly (string | number)[];

/** A mistake at a place of a file. */
export interface FileProblem {
  readonly rule: string;
  readonly path: FilePath;
  /** The key is meant, and not its value. */
  readonly atKey?: true;
  readonly message: string;
  readonly fix: string;
}

/** The plain value of a node. A key `__proto__` is a key like others. */
export function plainValue(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainValue(value)]));
}

export function findingOf(file: string, root: YamlNode, { rule, path, atKey, message, fix }: FileProblem): Finding {
  return { rule, severity: 'error', message, fix, file, ...positionAt(root, path, atKey ?? false) };
}

/** Where the value at a path stands, or its key; where it is missing, the place of what should hold it. */
function positionAt(root: YamlNode, path: FilePath, atKey: boolean): Position {
  let here: YamlNode = root;
  let at = root.at;
  for (const [index, step] of path.entries()) {
    if (typeof step === 'number') {
      const item: YamlNode | undefined = itemsOf(here)[step];
      if (item === undefined) return at;
      here = item;
      at = item.at;
    } else {
      const entry = entriesOf(here).find(({ key }) => key === step);
      if (entry === undefined) return at;
      here = entry.value;
      at = atKey && index === path.length - 1 ? entry.keyAt : entry.value.at;
    }
  }
  return at;
}

/** `spans[1].attributes.order.id` */
export function pathText(path: FilePath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}
