import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Enricher } from '@benchlab-otel/core';
import { type Context, context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { baggageKeys } from './baggageKeys.ts';
import { testCase, vitestCase, withTestCase } from './testCase.ts';

beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());

/** The attributes of a span that starts now, and the fields of each kind of signal. */
function added(enricher: Enricher, within: Context = context.active()): Record<string, unknown> {
  const span = new TracerProvider().getTracer('test').startSpan('work', {}, within);
  enricher.spanStarted?.(span, within, { name: 'work' } as never);
  const fields = (kind: 'log' | 'metric'): unknown =>
    enricher.signals?.includes(kind) === false
      ? undefined
      : context.with(within, () => enricher.fields?.({ kind, name: '', attributes: {} }));
  return { span: (span as unknown as { attributes: object }).attributes, log: fields('log'), metric: fields('metric') };
}

describe('baggage', () => {
  const baggage = propagation.createBaggage({
    tenant: { value: 'acme' },
    secret: { value: 'x' },
    session: { value: '1' },
  });
  const within = propagation.setBaggage(ROOT_CONTEXT, baggage);

  it('is on spans, lines and events by the chosen keys, and on metrics where they are listed', () => {
    const both = { tenant: 'acme', session: '1' };
    expect(added(baggageKeys({ keys: ['tenant', 'session', 'absent'], metricKeys: ['tenant'] }), within)).toEqual({
      span: both,
      log: both,
      metric: { tenant: 'acme' },
    });
    expect(added(baggageKeys({ keys: ['tenant'] }), within).metric).toBeUndefined();
  });

  it('that is absent adds nothing', () => {
    expect(added(baggageKeys({ keys: ['tenant'] }), ROOT_CONTEXT)).toEqual({ span: {}, log: {}, metric: undefined });
  });

  it.each([
    [undefined, 'keys is undefined.'],
    [{ keys: 'tenant' }, 'keys is "tenant".'],
    [{ keys: [''] }, 'keys is a list of 1. It must be a list of at most 32 texts that are not empty.'],
    [{ keys: ['a'], metricKeys: ['b'] }, 'metricKeys is "b". It must be among keys.'],
    [{ keys: [], all: true }, 'all of baggageKeys is not allowed.'],
  ])('%j is refused', (options, message) => {
    expect(() => baggageKeys(options as never)).toThrow(message);
  });
});

describe('a test case', () => {
  const pays = { 'test.case.name': 'pays', 'test.suite.name': 'checkout' };

  it('is on the spans and lines of what runs in it, also after it has waited, and on no metric', async () => {
    await withTestCase({ name: 'pays', suite: 'checkout' }, async () => {
      await Promise.resolve();
      expect(added(testCase())).toEqual({ span: pays, log: pays, metric: undefined });
    });
    expect(added(testCase())).toEqual({ span: {}, log: {}, metric: undefined });
  });

  it('needs a name, and returns what the work returns', () => {
    expect(withTestCase({ name: 'a' }, () => 7)).toBe(7);
    expect(() => withTestCase({ name: '' }, () => 7)).toThrow('name');
    expect(() => withTestCase(undefined as never, () => 7)).toThrow('name');
    expect(() => withTestCase({ name: 'a', suite: 5 as never }, () => 7)).toThrow('suite');
  });

  it('comes from Vitest', ({ task }) => {
    const { span } = vitestCase(() => added(testCase()), { task }) as { span: Record<string, string> };
    expect(span['test.case.name']).toBe('comes from Vitest');
    expect(span['test.suite.name']).toMatch(/ofContext\.test\.ts > a test case$/);
  });

  it('comes from node:test, in a process of its own with the built packages', () => {
    const program = `
      import { test } from 'node:test';
      import { context, ROOT_CONTEXT } from '@opentelemetry/api';
      import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
      import { nodeTestCase, testCase } from '@benchlab-otel/enrichers';
      context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
      test('pays', nodeTestCase(async () => {
        await Promise.resolve();
        process.stderr.write(JSON.stringify(testCase().fields({ kind: 'log', name: '', attributes: {} })));
      }));`;
    const root = fileURLToPath(new URL('../../../..', import.meta.url));
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(JSON.parse(stderr)).toMatchObject({ 'test.case.name': 'pays' });
  });
});

it('leaves the span of an application without a recording SDK alone', () => {
  const span = trace.wrapSpanContext({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 });
  expect(() => testCase().spanStarted?.(span, ROOT_CONTEXT, {} as never)).not.toThrow();
});
