import {
  type AttributeDefinition,
  BenchlabError,
  type Instrument,
  type MetricDefinition,
  type SignalRegistry,
} from '@benchlab-otel/core';
import type { LintFile } from '../files/lintFile.ts';
import { entryAt, itemsOf, nodeAt, textAt, type YamlNode } from '../yaml/node.ts';
import { parseYaml } from '../yaml/parseYaml.ts';

/**
 * A registry with what files of OpenTelemetry Weaver define on top: metrics and attributes of `definition/2`, and groups of the type
 * `metric` of the older form. A name that both have is that of the files. Source: github.com/open-telemetry/weaver, schemas.
 *
 * @throws BenchlabError BAD_OPTION where a file is not YAML, or no file defines a metric
 */
export function withDefinitions(registry: SignalRegistry, files: readonly LintFile[]): SignalRegistry {
  const documents = files.flatMap(documentsOf);
  const metrics = documents.flatMap(({ file, document }) => metricsOf(document, file));
  const attributes = documents.flatMap(({ document }) => attributesOf(document));
  if (metrics.length === 0) {
    const names = files.map(({ path }) => path).join(', ');
    throw new BenchlabError('BAD_OPTION', `No metric is defined in ${names}.`, form);
  }
  return {
    ...registry,
    metrics: joined(registry.metrics, metrics),
    attributes: joined(registry.attributes, attributes),
  };
}

const form =
  'Name files of OpenTelemetry Weaver: metrics: [{name, instrument, unit, attributes: [{ref}]}], or groups of the type metric.';

function documentsOf(file: LintFile): readonly { readonly file: string; readonly document: YamlNode }[] {
  const { documents, findings } = parseYaml(file);
  const [first] = findings;
  if (first !== undefined) {
    throw new BenchlabError('BAD_OPTION', `${file.path}:${first.line} cannot be read: ${first.message}`, first.fix);
  }
  return documents.map((document) => ({ file: file.path, document }));
}

function joined<Definition extends { readonly name: string }>(
  before: readonly Definition[],
  added: readonly Definition[],
): readonly Definition[] {
  const names = new Set(added.map(({ name }) => name));
  return [...before.filter(({ name }) => !names.has(name)), ...added];
}

const instruments: readonly string[] = ['counter', 'updowncounter', 'gauge', 'histogram'] satisfies Instrument[];

function metricsOf(document: YamlNode, file: string): readonly MetricDefinition[] {
  const groups = itemsOf(nodeAt(document, 'groups')).filter((group) => textAt(group, 'type') === 'metric');
  return [...itemsOf(nodeAt(document, 'metrics')), ...groups].map((node) => {
    const name = textAt(node, 'metric_name') ?? textAt(node, 'name');
    const instrument = textAt(node, 'instrument') ?? '';
    if (name === undefined || !instruments.includes(instrument)) {
      const what = name === undefined ? 'A metric has no name' : `${name} has the instrument "${instrument}"`;
      const place = `${file}:${node.at.line}`;
      throw new BenchlabError(
        'BAD_OPTION',
        `${place}: ${what}.`,
        `Write a name, and one of ${instruments.join(', ')}.`,
      );
    }
    return {
      name,
      instrument: instrument as Instrument,
      unit: textAt(node, 'unit') ?? '',
      description: textAt(node, 'brief') ?? '',
      attributes: itemsOf(nodeAt(node, 'attributes')).flatMap(
        (each) => textAt(each, 'ref') ?? textAt(each, 'id') ?? [],
      ),
      stability: 'development',
      origin: 'semconv',
    };
  });
}

/** Attributes, of which only the closed sets of values count here. */
function attributesOf(document: YamlNode): readonly AttributeDefinition[] {
  return itemsOf(nodeAt(document, 'attributes')).flatMap((node): readonly AttributeDefinition[] => {
    const name = textAt(node, 'key');
    if (name === undefined) return [];
    const values = itemsOf(entryAt(node, 'type', 'members')?.value).flatMap((member) => textAt(member, 'value') ?? []);
    const closed = values.length > 0 ? { values } : {};
    return [{ name, type: 'string', description: textAt(node, 'brief') ?? '', origin: 'semconv', ...closed }];
  });
}
