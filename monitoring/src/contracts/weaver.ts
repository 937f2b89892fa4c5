import {
  type AttributeDefinition,
  type LogEventDefinition,
  type MetricDefinition,
  prometheusName,
  type SpanDefinition,
} from '@benchlab-otel/core';
import { stringify } from 'yaml';
import { registry } from '../registry.ts';

/**
 * The registry as files of OpenTelemetry Weaver's definition format, version 2, by file name: what `weaver registry
 * check` and `weaver registry live-check` read. Source: github.com/open-telemetry/weaver, schemas/semconv.schema.v2.json.
 */
export function weaverFiles(version: string): Readonly<Record<string, string>> {
  return {
    'manifest.yaml': file({
      description: 'What benchlab-otel emits.',
      schema_url: `https://github.com/benchlab-otel/benchlab-otel/registry/${version}`,
      stability: 'development',
    }),
    'attributes.yaml': definitions({ attributes: registry.attributes.map(attributeEntry) }),
    'metrics.yaml': definitions({ metrics: registry.metrics.map(metricEntry) }),
    'spans.yaml': definitions({ spans: registry.spans.map(spanEntry) }),
    'events.yaml': definitions({ events: registry.logEvents.map(eventEntry) }),
  };
}

function attributeEntry({ name, type, description, values, origin }: AttributeDefinition): object {
  // The stability that the semantic conventions give an attribute is not repeated: development is the weaker promise.
  const stability = origin === 'seed' ? 'stable' : 'development';
  const members = values?.map((value) => ({ id: value.replaceAll('.', '_'), value, stability }));
  return {
    key: name,
    type: members === undefined ? weaverTypes[type] : { members },
    brief: description,
    stability,
    annotations: { benchlab: { origin } },
  };
}

const weaverTypes: Readonly<Record<AttributeDefinition['type'], string>> = {
  string: 'string',
  int: 'int',
  number: 'double',
  boolean: 'boolean',
  'string[]': 'string[]',
  'int[]': 'int[]',
};

function metricEntry(definition: MetricDefinition): object {
  const { name, unit, instrument, description, attributes: names, buckets, stability, origin } = definition;
  return {
    name,
    instrument,
    unit,
    brief: description,
    stability,
    ...(names.length > 0 && { attributes: references([], names) }),
    annotations: {
      benchlab: { origin, prometheus_name: prometheusName(definition), ...(buckets && { buckets: [...buckets] }) },
    },
  };
}

function spanEntry({ name, kind, description, required, optional, stability, origin }: SpanDefinition): object {
  return {
    type: name,
    kind,
    name: { note: name },
    brief: description,
    stability,
    attributes: references(required, optional),
    annotations: { benchlab: { origin } },
  };
}

function eventEntry({ name, description, required, optional, stability, origin, level }: LogEventDefinition): object {
  return {
    name,
    brief: description,
    stability,
    attributes: references(required, optional),
    annotations: { benchlab: { origin, level } },
  };
}

function references(required: readonly string[], optional: readonly string[]): object[] {
  return [
    ...required.map((ref) => ({ ref, requirement_level: 'required' })),
    ...optional.map((ref) => ({ ref, requirement_level: requirementOf(ref) })),
  ];
}

function requirementOf(name: string): object | string {
  return name.startsWith('error.') ? { conditionally_required: 'If it failed.' } : 'recommended';
}

function definitions(content: object): string {
  return file({ file_format: 'definition/2', ...content });
}

function file(content: object): string {
  return `# Generated from the signal families of packages/core and packages/presets by \`npm run render\`. Change it there.\n${stringify(content, { lineWidth: 0 })}`;
}
