import { expect, test } from 'vitest';
import { prometheusName } from '../naming/prometheusName.ts';
import { attribute, attributes } from './attributes.ts';
import type { LogEventDefinition, MetricDefinition, SpanDefinition } from './definition.ts';
import * as logEvents from './logEvents.ts';
import * as metric from './metrics.ts';
import * as spans from './spans.ts';

const metrics: MetricDefinition[] = Object.values(metric);
const signals: (SpanDefinition | LogEventDefinition)[] = [...Object.values(spans), ...Object.values(logEvents)];
const names = attributes.map(({ name }) => name);
const duplicates = (list: readonly string[]) => list.filter((each, i) => list.indexOf(each) !== i);

test('every attribute has one name in code, and every name in code an attribute', () => {
  expect(Object.values(attribute).sort()).toEqual([...names].sort());
});

test('every attribute of a metric, a span or a log event is in the registry', () => {
  const used = [
    ...metrics.flatMap((each) => each.attributes),
    ...signals.flatMap((each) => [...each.required, ...each.optional]),
  ];
  expect(used.filter((each) => !names.includes(each))).toEqual([]);
});

test('no two metrics share a name or a series, and no two spans or log events a name', () => {
  expect(duplicates(metrics.map(({ name }) => name))).toEqual([]);
  expect(duplicates(metrics.map((each) => prometheusName(each)))).toEqual([]);
  expect(duplicates(signals.map(({ name }) => name))).toEqual([]);
});

test('the attributes of a metric are scalars, since a label has no list', () => {
  const lists = attributes.filter(({ type }) => type.endsWith('[]')).map(({ name }) => name);
  expect(metrics.flatMap((each) => each.attributes).filter((each) => lists.includes(each))).toEqual([]);
});

test('histograms have ascending buckets, and nothing else has any', () => {
  for (const { name, instrument, buckets } of metrics) {
    expect(buckets !== undefined, name).toBe(instrument === 'histogram');
    expect(
      [...(buckets ?? [])].sort((a, b) => a - b),
      name,
    ).toEqual(buckets ?? []);
  }
});

test('everything says what it means, in a sentence', () => {
  for (const { name, description } of [...metrics, ...signals, ...attributes]) {
    expect(description, name).toMatch(/^[A-Z0-9].*[.…]$/);
    expect(description, name).not.toContain('|');
  }
});

test('attributes that are required are not optional too', () => {
  for (const { name, required, optional } of signals) {
    expect(
      required.filter((each) => optional.includes(each)),
      name,
    ).toEqual([]);
  }
});
