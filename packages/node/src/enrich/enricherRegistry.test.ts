import { type EndedSpan, type EnrichedSignal, type Enricher, OptionError } from '@benchlab-otel/core';
import { diag, SpanKind } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnricherChain } from './enricherChain.ts';
import { type AppendFields, EnricherRegistry } from './enricherRegistry.ts';
import { Enrichment } from './enrichment.ts';

let registry: EnricherRegistry;
let chain: EnricherChain;
let reports: string[];
beforeEach(() => {
  registry = new EnricherRegistry();
  chain = new EnricherChain([registry]);
  reports = [];
  const quiet = () => {};
  const warn = (message: string) => void reports.push(message);
  diag.setLogger({ error: quiet, warn, info: quiet, debug: quiet, verbose: quiet });
});
afterEach(() => diag.disable());

const log: EnrichedSignal = { kind: 'log', name: 'compile.end', attributes: { backend: 'cuda' } };
const span: EndedSpan = {
  traceId: '',
  spanId: '',
  name: 'pay',
  kind: SpanKind.INTERNAL,
  startNs: 0,
  endNs: 1,
  uncertaintyNs: 0,
  attributes: {},
};

test('registered functions append fields, and later ones win over earlier ones', () => {
  registry.register('a', ({ kind, name }) => ({ kind, of: name, tier: 'silver', absent: 1 }));
  registry.register('b', () => ({ tier: 'gold', absent: undefined }));
  expect(chain.fields(log)).toEqual({ kind: 'log', of: 'compile.end', tier: 'gold', absent: 1 });
  expect(log.attributes).toEqual({ backend: 'cuda' });
});

test('functions keep their place among the other enrichers of the chain', () => {
  const named = (tier: string) => ({ name: tier, fields: () => ({ tier, [tier]: true }) });
  chain = new EnricherChain([named('first'), registry, named('last')]);
  registry.register('between', () => ({ tier: 'between', first: 'changed', last: 'changed' }));
  expect(chain.fields(log)).toEqual({ tier: 'last', first: 'changed', last: true });
});

test('registered functions are asked for ended spans', () => {
  expect(chain.spanEnded(span, () => {}, new Enrichment()).parts).toEqual([]);
  registry.register('tenant', ({ kind, name }) => ({ 'tenant.id': `${kind} ${name}` }));
  expect(chain.spanEnded(span, () => {}, new Enrichment()).parts).toEqual([{ 'tenant.id': 'span pay' }]);
});

test('a chain with an empty registry may get fields later', () => {
  expect(new EnricherChain([]).hasFieldsFor('span')).toBe(false);
  expect(chain.hasFieldsFor('metric')).toBe(true);
  expect(chain.fields(log)).toEqual({});
});

test('a function can be removed, twice, and its name used again', () => {
  const remove = registry.register('tenant', () => ({ id: 1 }));
  remove();
  registry.register('tenant', () => ({ id: 2 }));
  remove();
  expect(chain.fields(log)).toEqual({ id: 2 });
});

test('a name that is in use or empty, something that is not a function, and a 65th function are refused', () => {
  registry.register('tenant', () => undefined);
  const refused = (option: string) => expect.objectContaining({ name: 'OptionError', option });
  expect(() => registry.register('tenant', () => undefined)).toThrow(refused('name'));
  expect(() => registry.register('', () => undefined)).toThrow(refused('name'));
  expect(() => registry.register('x', undefined as never)).toThrow(refused('append'));
  for (let i = 1; i < 64; i++) registry.register(`n${i}`, () => undefined);
  expect(() => registry.register('n64', () => undefined)).toThrow(OptionError);
});

test.each<[string, unknown]>([
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('no');
    },
  ],
  ['returns a promise', async () => ({ id: 2 })],
  ['returns a list', () => [1]],
  ['returns a text', () => 'x'],
])('one that %s harms no other, is reported, and is switched off after five failures', async (_what, faulty) => {
  let calls = 0;
  registry.register('faulty', (signal) => {
    calls += 1;
    return (faulty as AppendFields)(signal);
  });
  registry.register('good', () => ({ id: 1 }));
  for (let i = 0; i < 20; i++) expect(chain.fields(log)).toEqual({ id: 1 });
  expect(calls).toBe(5);
  expect(reports).toEqual([
    expect.stringContaining('enricher faulty: it failed in fields'),
    expect.stringContaining('enricher faulty: it is switched off'),
  ]);
});

test('a function that works again is not switched off for failures before', () => {
  let calls = 0;
  registry.register('flaky', () => {
    calls += 1;
    if (calls % 5 !== 0) throw new Error('no');
    return { calls };
  });
  for (let i = 0; i < 20; i++) chain.fields(log);
  expect(calls).toBe(20);
});

test('no more than 32 fields of one function are taken', () => {
  registry.register('many', () => Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, i])));
  expect(Object.keys(chain.fields(log))).toHaveLength(32);
  expect(reports).toEqual([expect.stringContaining('more than 32 fields')]);
});

test('functions of a registry for some kinds of signal are asked for those only', () => {
  const asked: string[] = [];
  const registry = new EnricherRegistry({ signals: ['log'] });
  registry.register('tenant', ({ kind }) => {
    asked.push(kind);
    return { tenant: 'acme' };
  });
  const chain = new EnricherChain([registry, { name: 'other', signals: ['event'], fields: () => ({ other: 1 }) }]);
  const kinds = ['span', 'log', 'event', 'metric'] as const;
  const fields = kinds.map((kind) => chain.fields({ kind, name: 'x', attributes: {} }));
  expect(fields).toEqual([{}, { tenant: 'acme' }, { other: 1 }, {}]);
  expect(asked).toEqual(['log']);
  expect(kinds.filter((kind) => chain.hasFieldsFor(kind))).toEqual(['log', 'event']);
  expect(registry.links()[0]?.enricher.spanEnded).toBeUndefined();
});

test.each<[unknown]>([[['traces']], ['span'], [[1]], [{}]])('signals that do not exist are refused: %j', (signals) => {
  const given = { name: 'x', signals } as unknown as Enricher;
  expect(() => new EnricherChain([given])).toThrow(/enrichers\[0\]\.signals is .* a list of span, log, event, metric/);
  expect(() => new EnricherRegistry(given)).toThrow(/signals/);
});
