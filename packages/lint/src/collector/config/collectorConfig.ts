import type { Position } from '../../findings/finding.ts';
import { entriesOf, entryAt, itemsOf, nodeAt, nodesBelow, textAt, type YamlNode } from '../../yaml/node.ts';
import { type ComponentKind, componentKinds, presentName } from './componentNames.ts';
import { type Environment, expanded, type Variable, variablesIn } from './expanded.ts';

export interface Component {
  readonly kind: ComponentKind;
  /** `otlp_grpc/traces` */
  readonly id: string;
  /** The present name of its type, also where the file has a deprecated one. */
  readonly type: string;
  /** Of its key. */
  readonly at: Position;
  readonly settings: YamlNode;
}

/** A name in a list of a pipeline. */
export interface Reference {
  readonly id: string;
  readonly at: Position;
}

export interface Pipeline {
  readonly id: string;
  /** `traces`, `metrics`, `logs`, `profiles` */
  readonly signal: string;
  readonly at: Position;
  readonly receivers: readonly Reference[];
  readonly processors: readonly Reference[];
  readonly exporters: readonly Reference[];
}

/** Where a configuration stands. */
export interface ConfigSource {
  /** The path of its file. */
  readonly file: string;
  /** The name by which a command line gives it: the last part of the path, or the key of a ConfigMap. */
  readonly name: string;
  /** The name of the ConfigMap that it is in. */
  readonly configMap?: string;
}

/** One configuration of a collector, with the environment that it runs in. */
export class CollectorConfig {
  readonly source: ConfigSource;
  readonly root: YamlNode;
  readonly components: readonly Component[];
  readonly pipelines: readonly Pipeline[];
  /** `service.extensions` */
  readonly started: readonly Reference[];
  readonly #environment: Environment;

  constructor(source: ConfigSource, root: YamlNode, environment: Environment = new Map()) {
    this.source = source;
    this.root = root;
    this.#environment = environment;
    this.components = componentKinds.flatMap((kind) => componentsOf(root, kind));
    this.pipelines = entriesOf(nodeAt(root, 'service', 'pipelines')).map(({ key, keyAt, value }) => ({
      id: key,
      signal: key.split('/')[0] ?? key,
      at: keyAt,
      receivers: referencesOf(value, 'receivers'),
      processors: referencesOf(value, 'processors'),
      exporters: referencesOf(value, 'exporters'),
    }));
    this.started = referencesOf(nodeAt(root, 'service'), 'extensions');
  }

  /** The same file in the environment of a workload. */
  in(environment: Environment): CollectorConfig {
    return new CollectorConfig(this.source, this.root, environment);
  }

  find(kind: ComponentKind, id: string): Component | undefined {
    return this.components.find((each) => each.kind === kind && each.id === id);
  }

  of(kind: ComponentKind, ...types: readonly string[]): readonly Component[] {
    return this.components.filter((each) => each.kind === kind && (types.length === 0 || types.includes(each.type)));
  }

  /** Pipelines that a component stands in; a connector as the end of one. */
  pipelinesOf({ kind, id }: Component): readonly Pipeline[] {
    const list = kind === 'connectors' || kind === 'extensions' ? 'exporters' : kind;
    return this.pipelines.filter((pipeline) => pipeline[list].some((reference) => reference.id === id));
  }

  /** Components of a kind that a pipeline uses: what only stands in the file neither loses nor exposes anything. */
  used(kind: ComponentKind, ...types: readonly string[]): readonly Component[] {
    return this.of(kind, ...types).filter((each) =>
      kind === 'extensions' ? this.started.some(({ id }) => id === each.id) : this.pipelinesOf(each).length > 0,
    );
  }

  /** The variable of the workload that the setting on a line has its value from. */
  variableOn(line: number): (Variable & { readonly name: string }) | undefined {
    if (this.#environment.size === 0) return undefined;
    for (const node of nodesBelow(this.root)) {
      if (node.kind !== 'scalar' || node.at.line !== line) continue;
      for (const name of variablesIn(String(node.value))) {
        const found = this.#environment.get(name);
        if (found !== undefined) return { ...found, name };
      }
    }
    return undefined;
  }

  /** A setting as the collector gets it. Undefined where it is missing, or only the running machine knows it. */
  text(node: YamlNode | undefined, ...path: readonly string[]): string | undefined {
    const text = textAt(node, ...path);
    return text === undefined ? undefined : expanded(text, this.#environment);
  }
}

function componentsOf(root: YamlNode, kind: ComponentKind): readonly Component[] {
  return entriesOf(nodeAt(root, kind)).map(({ key, keyAt, value }) => {
    const type = key.split('/')[0] ?? key;
    return { kind, id: key, type: presentName(kind, type), at: keyAt, settings: value };
  });
}

function referencesOf(node: YamlNode | undefined, list: string): readonly Reference[] {
  return itemsOf(nodeAt(node, list)).flatMap((item) =>
    item.kind === 'scalar' && item.value !== null ? [{ id: String(item.value), at: item.at }] : [],
  );
}

/** Where a setting stands, or what it belongs to where it is missing. */
export function placeOf({ settings, at }: Component, ...path: readonly string[]): Position {
  for (let length = path.length; length > 0; length--) {
    const entry = entryAt(settings, ...path.slice(0, length));
    if (entry !== undefined) return entry.keyAt;
  }
  return at;
}
