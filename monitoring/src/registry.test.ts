import { prometheusName } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { registry } from './registry.ts';

const { attributes, logEvents, metrics, spans } = registry;
const signals = [...spans, ...logEvents];
const names = attributes.map(({ name }) => name);
const duplicates = (list: readonly string[]) => list.filter((each, i) => list.indexOf(each) !== i);

test('every attribute of a metric, a span or a log event is in the registry', () => {
  const used = [
    ...metrics.flatMap((each) => each.attributes),
    ...signals.flatMap((each) => [...each.required, ...each.optional]),
  ];
  expect(used.filter((each) => !names.includes(each))).toEqual([]);
});

test('a definition carries what defines its attributes, unless the core defines them', () => {
  for (const { name, vocabulary = {} } of [...metrics, ...signals]) {
    for (const [key, detail] of Object.entries(vocabulary)) {
      expect(
        attributes.find((each) => each.name === key),
        `${name}: ${key}`,
      ).toEqual({ name: key, ...detail });
    }
  }
});

test('no two metrics have one series', () => {
  expect(duplicates(metrics.map((each) => prometheusName(each)))).toEqual([]);
});

test('the attributes of a metric are scalars, because a label cannot be a list', () => {
  const lists = attributes.filter(({ type }) => type.endsWith('[]')).map(({ name }) => name);
  expect(metrics.flatMap((each) => each.attributes).filter((each) => lists.includes(each))).toEqual([]);
});

test('histograms have ascending buckets, and only histograms have buckets', () => {
  for (const { name, instrument, buckets } of metrics) {
    expect(buckets !== undefined, name).toBe(instrument === 'histogram');
    expect(
      [...(buckets ?? [])].sort((a, b) => a - b),
      name,
    ).toEqual(buckets ?? []);
  }
});

test('every definition states what it means, in a sentence', () => {
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
