import type { EnrichedSignal } from '@benchlab-otel/core';
import { SpanKind } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../../test/recorder.ts';
import { type AppendFields, EnricherRegistry } from './enricherRegistry.ts';

let recorder: Recorder;
let registry: EnricherRegistry;
beforeEach(() => {
  recorder = Recorder.start();
  registry = new EnricherRegistry();
});
afterEach(() => recorder.stop());

const log: EnrichedSignal = { kind: 'log', name: 'compile.end', attributes: { backend: 'cuda' } };

test('registered functions append fields, later ones win over earlier ones, and the signal over all', () => {
  registry.register('a', ({ kind, name }) => ({ kind, of: name, tier: 'silver' }));
  registry.register('b', () => ({ tier: 'gold', backend: 'other', absent: undefined }));
  expect(registry.fields(log)).toEqual({ kind: 'log', of: 'compile.end', tier: 'gold' });
  expect(log.attributes).toEqual({ backend: 'cuda' });
});

test('it is an enricher of ended spans', () => {
  const span = {
    traceId: '',
    spanId: '',
    name: 'pay',
    kind: SpanKind.INTERNAL,
    startNs: 0,
    endNs: 1,
    uncertaintyNs: 0,
  };
  expect(registry.spanEnded({ ...span, attributes: {} })).toBeUndefined();
  registry.register('tenant', ({ kind, name }) => ({ 'tenant.id': `${kind} ${name}` }));
  expect(registry.spanEnded({ ...span, attributes: {} })).toEqual({ 'tenant.id': 'span pay' });
});

test('a function can be taken away, twice, and its name used again', () => {
  const remove = registry.register('tenant', () => ({ id: 1 }));
  remove();
  registry.register('tenant', () => ({ id: 2 }));
  remove();
  expect(registry.fields(log)).toEqual({ id: 2 });
});

test('a name that is taken or empty, no function and too many are refused', () => {
  registry.register('tenant', () => undefined);
  expect(() => registry.register('tenant', () => undefined)).toThrow("an enricher 'tenant' already");
  expect(() => registry.register('', () => undefined)).toThrow(TypeError);
  expect(() => registry.register('x', undefined as never)).toThrow(TypeError);
  for (let i = 1; i < 64; i++) registry.register(`n${i}`, () => undefined);
  expect(() => registry.register('n64', () => undefined)).toThrow(RangeError);
});

test.each<[string, unknown]>([
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
  [
    'is async',
    async () => {
      throw new Error('no');
    },
  ],
  ['answers with a list', () => [1]],
  ['answers with a word', () => 'x'],
])('one that %s harms nobody, is reported, and is switched off after five failures', async (_what, faulty) => {
  let calls = 0;
  registry.register('faulty', (signal) => {
    calls += 1;
    return (faulty as AppendFields)(signal);
  });
  registry.register('good', () => ({ id: 1 }));
  for (let i = 0; i < 20; i++) expect(registry.fields(log)).toEqual({ id: 1 });
  expect(calls).toBe(5);
  expect(recorder.troubles).toHaveLength(1);
});

test('a function that works again is not switched off for failures of old', () => {
  let calls = 0;
  registry.register('flaky', () => {
    calls += 1;
    if (calls % 5 !== 0) throw new Error('no');
    return { calls };
  });
  for (let i = 0; i < 20; i++) registry.fields(log);
  expect(calls).toBe(20);
});

test('no more than 32 fields of one function are taken', () => {
  registry.register('many', () => Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, i])));
  expect(Object.keys(registry.fields(log))).toHaveLength(32);
  expect(recorder.troubles).toEqual([expect.stringContaining('more than 32 fields')]);
});
