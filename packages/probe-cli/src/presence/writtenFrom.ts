import {
  counted,
  eventOf,
  fieldsOf,
  type Observed,
  type ObservedSeries,
  provenanceFault,
  SpanTree,
  spanKinds,
  type ValueType,
  valueType,
} from '@benchlab-otel/analysis';
import { attribute } from '@benchlab-otel/core';
import type { WrittenLog, WrittenSeries, WrittenSpan, WrittenValue } from './writtenProbeFile.ts';

/** An entry of a new file, and what was seen of it. */
export interface SeenEntry<Entry> {
  readonly entry: Entry;
  /** `20 arrived`: a comment. */
  readonly seen: string;
}

/** What a run showed, as entries of a file that the next run of the same program passes. */
export interface SeenEntries {
  readonly series: readonly SeenEntry<WrittenSeries>[];
  readonly spans: readonly SeenEntry<WrittenSpan>[];
  readonly logs: readonly SeenEntry<WrittenLog>[];
  /** Families of series that describe the runtime and not the program, and what did not fit. */
  readonly leftOut: number;
}

/** Entries of each list, and attributes of each entry. */
const [maxEntries, maxKeys, maxName] = [200, 64, 256];
/** Of the runtime, the SDK and the scrape: whether they come depends on time and versions. */
const ofRuntime = /^(?:nodejs|v8js|process|otel|go|jvm|python|dotnet|scrape|system|hw|target_info$|up$)/;
/** Of the sender and the scrape. */
const ofSender = /^(?:otel_scope_|job$|instance$|le$|quantile$|service_|__)/;

/**
 * Makes entries from what a run showed. They hold names and types and never a value, which could be a secret or change from
 * run to run: what all spans of a name have in common, the labels that all label sets of a family have.
 */
export function writtenFrom({ series, spans, logs }: Observed): SeenEntries {
  const tree = new SpanTree(spans);
  const own = series.filter(({ name, points }) => !ofRuntime.test(name) && points.length > 0 && isName(name));
  const byName = grouped(spans, ({ name }) => name);
  const byEvent = grouped(logs, eventOf);
  const all = [own, byName, byEvent].map(({ length }) => length);
  const beyond = all.reduce((sum, length) => sum + Math.max(0, length - maxEntries), 0);
  return {
    series: own.slice(0, maxEntries).map(seenSeries),
    spans: byName.slice(0, maxEntries).map(([name, group]) => seenSpan(name, group, tree)),
    logs: byEvent.slice(0, maxEntries).map(([event, group]) => seenLog(event, group, tree)),
    leftOut: series.length - own.length + beyond,
  };
}

function seenSeries({ name, type, unit, points }: ObservedSeries): SeenEntry<WrittenSeries> {
  const labels = common(points.map((point) => point.labels)).filter((label) => !ofSender.test(label));
  const filled = labels.filter((label) => points.every((point) => point.labels[label] !== ''));
  return {
    entry: {
      name,
      type,
      ...(unit === undefined || unit === '' || unit.length > maxName ? {} : { unit }),
      ...(filled.length === 0 ? {} : { labels: Object.fromEntries(filled.map((label) => [label, '*'])) }),
    },
    seen: counted(points.length, 'label set'),
  };
}

function seenSpan(name: string, group: Observed['spans'], tree: SpanTree): SeenEntry<WrittenSpan> {
  const kinds = new Set(group.map((span) => spanKinds[span.kind]));
  const statuses = new Set(group.map(({ status }) => status.code));
  const above = group.map((span) => tree.above(span));
  const parents = new Set(above.map((each) => (typeof each === 'object' ? `span ${each.name}` : each)));
  const [kind] = kinds;
  const [parent] = parents;
  const isJudge = group.every((span) => provenanceFault(span, tree) === undefined);
  const attributes = typesOf(group.map((span) => span.attributes));
  if (isJudge) delete attributes[attribute.provenanceId];
  return {
    entry: {
      name,
      ...(kinds.size === 1 && kind !== undefined ? { kind } : {}),
      ...(statuses.has('error') ? {} : { status: [...statuses].sort() }),
      ...(parents.size === 1 && parent === 'root' ? { root: true as const } : {}),
      ...(parents.size === 1 && parent?.startsWith('span ') && isName(parent.slice(5))
        ? { parent: parent.slice(5) }
        : {}),
      ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
      ...(isJudge ? { provenance: true as const } : {}),
    },
    seen: `${group.length} arrived`,
  };
}

function seenLog(event: string, group: Observed['logs'], tree: SpanTree): SeenEntry<WrittenLog> {
  const spans = new Set(group.map(({ traceId, spanId }) => tree.at(traceId, spanId)?.name));
  const [within] = spans;
  const fields = typesOf(group.map(fieldsOf));
  delete fields.event;
  delete fields['event.name'];
  return {
    entry: {
      event,
      ...(spans.size === 1 && within !== undefined && isName(within) ? { within } : {}),
      ...(Object.keys(fields).length === 0 ? {} : { fields }),
    },
    seen: `${group.length} arrived`,
  };
}

/** The names that all have, with the type that all values have in common. */
function typesOf(all: readonly Observed['spans'][number]['attributes'][]): Record<string, WrittenValue> {
  const names = common(all).filter(isName).slice(0, maxKeys);
  return Object.fromEntries(
    names.flatMap((name) => {
      // A number that is whole in this run may have a fraction in the next.
      const types = new Set(all.map((holder) => valueType(holder[name]).replace('int', 'number') as ValueType));
      const [type] = types;
      return types.size === 1 && type !== undefined ? [[name, type] as const] : [];
    }),
  );
}

function common(all: readonly object[]): readonly string[] {
  const [first = {}, ...others] = all;
  return Object.keys(first).filter((name) => others.every((each) => Object.hasOwn(each, name)));
}

function grouped<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string | undefined,
): readonly [string, readonly Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = nameOf(item);
    if (name === undefined || !isName(name)) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return [...groups];
}

function isName(text: string): boolean {
  return text.length > 0 && text.length <= maxName;
}
