import { coreFamilies, joinFamilies } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { SeriesCatalogue } from '../promql/seriesCatalogue.ts';
import { withDefinitions } from './readRegistry.ts';

const registry = joinFamilies(coreFamilies);
const read = (text: string) => withDefinitions(registry, [{ path: 'm.yaml', text, isNamed: true }]);

test('metrics of definition/2 are known next to ours, with their labels, type and unit', () => {
  const text = `file_format: definition/2
metrics:
  - {name: shop.orders, instrument: counter, unit: "{order}", brief: Orders., attributes: [{ref: shop.kind}]}
  - {name: shop.wait, instrument: histogram, unit: s}
attributes:
  - {key: shop.kind, type: {members: [{id: web, value: web}, {id: app, value: app}]}}
`;
  const catalogue = new SeriesCatalogue(read(text));

  expect(catalogue.find('shop_orders_total')).toMatchObject({ type: 'counter', unit: '{order}' });
  expect([...(catalogue.find('shop_orders_total')?.labels ?? [])]).toEqual(['shop_kind']);
  expect(catalogue.find('shop_wait_seconds_bucket')).toMatchObject({ observed: 's' });
  expect(catalogue.valuesOf('shop_kind', 'shop_orders_total')).toEqual(['web', 'app']);
  expect(catalogue.find('hw_host_power_watts')).toMatchObject({ type: 'gauge', unit: 'W' });
});

test('metrics of the older form are known too', () => {
  const text = `groups:
  - {id: metric.shop.load, type: metric, metric_name: shop.load, instrument: gauge, unit: "1", attributes: [{id: shop.kind}]}
  - {id: registry.shop, type: attribute_group}
`;

  expect(new SeriesCatalogue(read(text)).find('shop_load_ratio')).toMatchObject({ type: 'gauge' });
});

test('a metric that both have is that of the files', () => {
  const text = 'metrics: [{name: hw.host.power, instrument: gauge, unit: mW}]\n';

  const metrics = read(text).metrics.filter(({ name }) => name === 'hw.host.power');

  expect(metrics.map(({ unit }) => unit)).toEqual(['mW']);
});

test.each([
  ['a: 1\n', /^No metric is defined in m\.yaml\. Name files of OpenTelemetry Weaver/],
  ['metrics: 5\n', /^No metric is defined/],
  ['metrics: [5]\n', /^m\.yaml:1: A metric has no name\./],
  [
    'metrics:\n  - {name: a, instrument: summary}\n',
    /^m\.yaml:2: a has the instrument "summary"\. Write a name, and one of/,
  ],
  ['metrics: [\n', /^m\.yaml:2 cannot be read/],
])('a file of another form is refused with its place: %j', (text, message) => {
  expect(() => read(text)).toThrow(message);
  expect(() => read(text)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
});
