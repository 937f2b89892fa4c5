import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { registry } from '../registry.ts';
import { weaverFiles } from './weaver.ts';

type Entry = Record<string, unknown>;
type Check = (value: unknown) => boolean;

// The part of the format that is used here. Source: github.com/open-telemetry/weaver, schemas/semconv.schema.v2.json
// and definition-manifest.v2.json, at the commit afa9700c.
const text: Check = (value) => typeof value === 'string';
const words: Check = (value) => typeof value === 'string' && value !== '';
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value as string);
const stability = oneOf('stable', 'development', 'alpha', 'beta', 'release_candidate');
const map: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const list =
  (each: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every(each);
const record =
  (required: Record<string, Check>, optional: Record<string, Check> = {}): Check =>
  (value) =>
    map(value) &&
    Object.keys(required).every((key) => key in (value as Entry)) &&
    Object.entries(value as Entry).every(([key, each]) => (required[key] ?? optional[key])?.(each) ?? false);
const either =
  (...checks: Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));

const primitive = oneOf('boolean', 'int', 'double', 'string', 'string[]', 'int[]', 'double[]', 'boolean[]');
const member = record({ id: (id) => /^[a-z][a-z0-9_]*$/.test(String(id)) }, { value: text, stability });
const type = either(primitive, record({ members: list(member) }));
const level = either(oneOf('required', 'recommended', 'opt_in'), record({ conditionally_required: words }));
const references = list(record({ ref: text }, { requirement_level: level }));
const signal = { brief: words, stability };
const more = { attributes: references, annotations: map };
const schema: Record<string, Check> = {
  attributes: record({ key: words, type, ...signal }, { annotations: map }),
  metrics: record(
    { name: words, instrument: oneOf('counter', 'updowncounter', 'gauge', 'histogram'), unit: text, ...signal },
    more,
  ),
  spans: record({ type: words, kind: oneOf('internal', 'client'), name: record({ note: words }), ...signal }, more),
  events: record({ name: words, ...signal }, more),
};

const files = weaverFiles('1.2.3');
const entries = (group: string): Entry[] =>
  (parse(files[`${group}.yaml`] ?? '') as Record<string, Entry[]>)[group] ?? [];

describe('the registry for weaver', () => {
  it.each(Object.keys(schema))('has %s that its format allows', (group) => {
    const document = parse(files[`${group}.yaml`] ?? '') as Entry;
    expect(Object.keys(document)).toEqual(['file_format', group]);
    expect(document.file_format).toBe('definition/2');
    expect(entries(group).filter((entry) => !schema[group]?.(entry))).toEqual([]);
  });

  it('names itself and its version in its manifest', () => {
    expect(parse(files['manifest.yaml'] ?? '')).toMatchObject({
      schema_url: expect.stringMatching(/^https:\/\/[^/]+\/.*\/1\.2\.3$/),
      stability: 'development',
    });
  });

  it('has everything that the registry in code has, once', () => {
    const names = (group: string, key: string) => entries(group).map((entry) => entry[key]);
    expect(names('attributes', 'key')).toEqual(registry.attributes.map(({ name }) => name));
    expect(names('metrics', 'name')).toEqual(registry.metrics.map(({ name }) => name));
    expect(names('spans', 'type')).toEqual(registry.spans.map(({ name }) => name));
    expect(names('events', 'name')).toEqual(registry.logEvents.map(({ name }) => name));
  });

  it('refers only to attributes that it defines, to each at most once in a signal', () => {
    const keys = entries('attributes').map(({ key }) => key);
    for (const entry of ['metrics', 'spans', 'events'].flatMap(entries)) {
      const refs = ((entry.attributes ?? []) as { ref: string }[]).map(({ ref }) => ref);
      expect(refs.filter((ref, i) => !keys.includes(ref) || refs.indexOf(ref) !== i)).toEqual([]);
    }
  });

  it('has annotations for values that have no field in the format', () => {
    const latency = entries('metrics').find(({ name }) => name === 'sidepanel.request.duration');
    expect(latency?.annotations).toEqual({
      benchlab: {
        origin: 'seed',
        prometheus_name: 'sidepanel_request_duration_seconds',
        buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      },
    });
  });

  it('with a key, level, type or reference that the format does not have is found by these checks', () => {
    const [attribute] = entries('attributes');
    const [span] = entries('spans');
    expect(schema.attributes?.({ ...attribute, unit: 's' })).toBe(false);
    expect(schema.attributes?.({ ...attribute, type: 'number' })).toBe(false);
    expect(schema.attributes?.({ key: 'x', type: 'int', stability: 'stable' })).toBe(false);
    expect(schema.spans?.({ ...span, kind: 'INTERNAL' })).toBe(false);
    expect(schema.spans?.({ ...span, attributes: [{ ref: 'x', requirement_level: 'optional' }] })).toBe(false);
  });
});
