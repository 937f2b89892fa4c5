import { Document, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { printable } from '../report/printable.ts';
import type { SeenEntries, SeenEntry } from './writtenFrom.ts';

const schemaPath = 'node_modules/@benchlab-otel/probe-cli/schema/probe.schema.json';

/** Keys of an entry that stand on one line. */
const flowing = ['labels', 'status'];

/** A `probe.yaml` with comments: what was seen of each entry, and what can be added. */
export function probeText({ series, spans, logs, leftOut }: SeenEntries, command: string): string {
  const document = new Document({
    version: 1,
    ...listOf('series', series),
    ...listOf('spans', spans),
    ...listOf('logs', logs),
  });
  comment(document, 'series', series, [
    'Series under their Prometheus names, whether they come over OTLP or on a page.',
    "To add: atLeast: 2 (label sets), value: '< 0.5' (of each), delta: '>= 1' (growth of all together).",
  ]);
  comment(document, 'spans', spans, [
    "To add: count: '== 20'; of an attribute { pattern: '^[0-9]+$' } or { oneOf: [a, b] }.",
  ]);
  comment(document, 'logs', logs, ['Log events. To add: atLeast: 2.']);
  const head = [
    `# yaml-language-server: $schema=${schemaPath}`,
    `# What a run of ${printable(command)} must show. It holds names and types of what one run showed, and no values.`,
    '# benchlab-probe run --expect -- COMMAND holds a run against it.',
    ...(leftOut === 0
      ? []
      : [`# ${leftOut} families of series are left out: of the runtime and the SDK, or beyond 200.`]),
  ];
  const foot = '# budgets:\n#   - p95(OPERATION) < 250 ms\n';
  return `${head.join('\n')}\n${document.toString({ lineWidth: 0 })}\n${foot}`;
}

function listOf<Entry>(name: string, entries: readonly SeenEntry<Entry>[]): Record<string, readonly Entry[]> {
  return entries.length === 0 ? {} : { [name]: entries.map(({ entry }) => entry) };
}

function comment(
  document: Document,
  name: string,
  entries: readonly SeenEntry<unknown>[],
  lines: readonly string[],
): void {
  const list = document.get(name) as YAMLSeq<YAMLMap> | undefined; // made by listOf
  if (list === undefined) return;
  const map = document.contents as YAMLMap<Scalar>;
  const pair = map.items.find(({ key }) => key.value === name);
  if (pair !== undefined) {
    pair.key.spaceBefore = true;
    pair.key.commentBefore = lines.map((line) => ` ${line}`).join('\n');
  }
  for (const [index, item] of list.items.entries()) {
    item.commentBefore = ` ${entries[index]?.seen}`;
    for (const key of flowing) {
      const value = item.get(key) as YAMLMap | YAMLSeq | undefined; // labels are a map, status is a list
      if (value !== undefined) value.flow = true;
    }
  }
}
