import { describe, expect, test } from 'vitest';
import { OptionError } from '../errors/optionError.ts';
import type { LogEventDefinition, MetricDefinition, SpanDefinition } from './definition.ts';
import { joinFamilies, type SignalFamily } from './family.ts';

const traits = { description: 'Orders.', stability: 'stable', origin: 'benchlab' } as const;
const orders: MetricDefinition = {
  name: 'shop.orders',
  unit: '{order}',
  instrument: 'counter',
  attributes: ['tier'],
  ...traits,
};
const sale: SpanDefinition = { name: 'shop.sale', kind: 'internal', required: ['tier'], optional: [], ...traits };
const sold: LogEventDefinition = { name: 'shop.sold', level: 'info', required: ['tier'], optional: [], ...traits };
const tier = { type: 'string', origin: 'benchlab', description: 'What the customer pays for.' } as const;

const shop: SignalFamily = { name: 'Shop', about: 'A shop.', metrics: { orders }, spans: { sale } };
const market: SignalFamily = { name: 'Market', about: 'A market.', logEvents: { sold }, attributes: { tier } };

describe('families', () => {
  test('join into one registry, in their order', () => {
    expect(joinFamilies([shop, market])).toEqual({
      families: [shop, market],
      metrics: [orders],
      spans: [sale],
      logEvents: [sold],
      attributes: [{ name: 'tier', ...tier }],
    });
  });

  test.each<[string, Partial<SignalFamily>]>([
    ['metric', { metrics: { orders: { ...orders, unit: '1' } } }],
    ['span', { spans: { sale } }],
    ['log event', { logEvents: { sold } }],
    ['attribute', { attributes: { tier } }],
  ])('that both have a %s of one name are refused, with the names of both families', (kind, part) => {
    const other: SignalFamily = { name: 'Other', about: 'Another.', ...part };
    const join = () => joinFamilies([shop, market, other]);
    expect(join).toThrow(OptionError);
    expect(join).toThrow(
      new RegExp(`^The name of a ${kind} in the family 'Other' is ".*".*the family '(Shop|Market)' has it`),
    );
  });

  test('that have nothing make an empty registry', () => {
    expect(joinFamilies([]).metrics).toEqual([]);
    expect(joinFamilies([{ name: 'Empty', about: 'Nothing.' }]).attributes).toEqual([]);
  });

  test('with a name twice within one of them are refused', () => {
    const twice = { ...shop, metrics: { orders, again: orders } };
    expect(() => joinFamilies([twice])).toThrow("the family 'Shop' has it");
  });
});
