import type { MetricDefinition } from '@benchlab-otel/core';
import { metric } from '@benchlab-otel/core';
import { type Attributes, type Meter, type MeterProvider, metrics } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { metric as ours } from '../../test/compileVocabulary.ts';
import { Recorder } from '../../test/recorder.ts';
import { scope } from '../api/scope.ts';
import { counted } from '../marks/counted.ts';
import { boundMetric, recordMetric } from './recordMetric.ts';

const { hwStatus } = metric;
const { compileFailure, compileSuccess, loweringDuration, offlineBundleSize, pipelineLatency } = ours;

let recorder: Recorder;
beforeEach(() => {
  recorder = Recorder.start();
});
afterEach(() => recorder.stop());

// As from a caller without types.
const record = recordMetric as (definition: unknown, value?: unknown, attributes?: unknown) => void;
const faults = () => recorder.points('benchlab.record.faults');
const fault = (kind: string) => JSON.stringify({ 'benchlab.record.fault': kind });

test('each instrument records by its definition', async () => {
  recordMetric(compileSuccess, 2, { backend: 'cuda', host_kind: 'offline' });
  recordMetric(compileSuccess, 1, { backend: 'cuda', host_kind: 'offline' });
  recordMetric(offlineBundleSize, 5e6, { target: 'edge', revision: 'r7' });
  recordMetric(offlineBundleSize, 4e6, { target: 'edge', revision: 'r7' });
  recordMetric(hwStatus, 1, { 'hw.id': 'a', 'hw.state': 'ok' });
  recordMetric(hwStatus, -1, { 'hw.id': 'a', 'hw.state': 'ok' });
  recordMetric(loweringDuration, 0.3, { backend: 'cuda', operator: 'matmul' });

  expect(await recorder.points('compile.success')).toEqual({ '{"backend":"cuda","host_kind":"offline"}': 3 });
  expect(await recorder.points('offline.bundle.size')).toEqual({ '{"target":"edge","revision":"r7"}': 4e6 });
  expect(await recorder.points('hw.status')).toEqual({ '{"hw.id":"a","hw.state":"ok"}': 0 });
  expect(await recorder.points('lowering.duration')).toEqual({ '{"backend":"cuda","operator":"matmul"}': 1 });
  expect(recorder.troubles).toEqual([]);
});

test('a histogram has the unit and the buckets of its definition', async () => {
  recordMetric(pipelineLatency, 42);
  const { unit, value } = await recorder.histogram('pipeline.latency');
  expect(unit).toBe('s');
  expect(value.sum).toBe(42);
  expect(value.buckets.boundaries).toEqual(pipelineLatency.buckets);
});

test('an instrument is made once for each provider, also for one that is registered late or instead of another', async () => {
  recorder.stop();
  recordMetric(compileSuccess, 1);
  recorder.register();
  recordMetric(compileSuccess, 1);
  recordMetric(compileSuccess, 1);
  expect(await recorder.points('compile.success')).toEqual({ '{}': 2 });

  recorder.stop();
  recorder.register();
  recordMetric(compileSuccess, 1);
  expect(await recorder.points('compile.success')).toEqual({ '{}': 1 });

  const create = vi.spyOn(metrics.getMeter(scope.name, scope.version) as Meter, 'createCounter');
  recordMetric(compileSuccess, 1);
  expect(create).not.toHaveBeenCalled();
});

test.each([
  ['not a number', Number.NaN],
  ['infinite', Number.POSITIVE_INFINITY],
  ['less than zero', -1],
  ['a string', '1'],
  ['a bigint', 1n],
  ['absent', undefined],
  ['null', null],
  [
    'an object that throws when it is read',
    {
      valueOf: () => {
        throw new Error('no');
      },
    },
  ],
])('a value that is %s is dropped, counted, and reported once', async (_what, value) => {
  const own: MetricDefinition = { ...compileSuccess };
  for (let i = 0; i < 3; i++) record(own, value, { backend: 'cuda' });
  expect(await recorder.points('compile.success')).toEqual({});
  expect(await faults()).toEqual({ [fault('value')]: 3 });
  expect(recorder.troubles).toHaveLength(1);
  expect(recorder.troubles[0]).toContain('metric compile.success');
});

test.each([
  ['undefined', undefined],
  ['null', null],
  ['a name', 'compile.success'],
  ['an object without a name', { ...compileSuccess, name: '' }],
  ['an unknown instrument', { ...compileSuccess, instrument: 'summary' }],
  ['no list of attributes', { ...compileSuccess, attributes: undefined }],
  [
    'an object that throws when it is read',
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
      },
    ),
  ],
])('a metric that is %s is dropped and counted', async (_what, definition) => {
  expect(() => record(definition, 1)).not.toThrow();
  expect(await faults()).toEqual({ [fault('metric')]: 1 });
});

test('attributes that do not fit are left out or corrected; the point itself is recorded', async () => {
  const own: MetricDefinition = { ...compileFailure };
  record(own, 1, { backend: 'cuda', secret: 'x', host_region: 7, host_kind: 'mobile', 'error.type': undefined });
  expect(await recorder.points('compile.failure')).toEqual({ '{"backend":"cuda","host_kind":"_OTHER"}': 1 });
  expect(await faults()).toEqual({ [fault('attribute')]: 3 });
  expect(recorder.troubles).toEqual([expect.stringContaining("its definition does not list 'secret'")]);
});

test.each([
  ['not an object', 'cuda', 'attribute'],
  ['an array', ['cuda'], 'attribute'],
  [
    'an object whose getter throws',
    {
      get backend() {
        throw new Error('no');
      },
    },
    'attribute',
  ],
])('attributes that are %s never reach the application', async (_what, attributes, kind) => {
  expect(() => record({ ...compileSuccess }, 1, attributes)).not.toThrow();
  expect(await faults()).toEqual({ [fault(kind)]: 1 });
});

test('a label is cut at 255 characters', async () => {
  record({ ...compileSuccess }, 1, { backend: 'x'.repeat(10_000) });
  expect(await recorder.points('compile.success')).toEqual({ [JSON.stringify({ backend: 'x'.repeat(255) })]: 1 });
});

test('a metric of the application itself takes any scalar under the names that it lists', async () => {
  const own = { ...compileSuccess, name: 'shop.orders', attributes: ['tier', 'paid'] as const };
  recordMetric(own, 1, { tier: 3, paid: true });
  expect(await recorder.points('shop.orders')).toEqual({ '{"tier":3,"paid":true}': 1 });
});

test('without an SDK nothing happens, also with wrong arguments', () => {
  recorder.stop();
  expect(() => record(undefined, 'x')).not.toThrow();
});

test('a bound metric adds to the series of its attributes, each of the four instruments', async () => {
  const [size, status] = [
    boundMetric(offlineBundleSize, { target: 'edge', revision: 'r7' }),
    boundMetric(hwStatus, { 'hw.id': 'a', 'hw.state': 'ok' }),
  ];
  const [success, duration] = [
    boundMetric(compileSuccess, { backend: 'cuda', host_kind: 'offline' }),
    boundMetric(loweringDuration, { backend: 'cuda', operator: 'matmul' }),
  ];
  for (const value of [3, 2]) for (const each of [size, status, success, duration]) each(value);
  recordMetric(compileSuccess, 1, { backend: 'cuda', host_kind: 'offline' });
  expect(await recorder.points('compile.success')).toEqual({ '{"backend":"cuda","host_kind":"offline"}': 6 });
  expect(await recorder.points('offline.bundle.size')).toEqual({ '{"target":"edge","revision":"r7"}': 2 });
  expect(await recorder.points('hw.status')).toEqual({ '{"hw.id":"a","hw.state":"ok"}': 5 });
  expect(await recorder.points('lowering.duration')).toEqual({ '{"backend":"cuda","operator":"matmul"}': 2 });
  expect(recorder.troubles).toEqual([]);
});

test('a bound metric finds the SDK that is registered late or instead of another, and does nothing without one', async () => {
  recorder.stop();
  const compiled = boundMetric(compileSuccess);
  compiled(1);
  for (const value of [2, 3]) {
    recorder.register();
    compiled(value);
    expect(await recorder.points('compile.success')).toEqual({ '{}': value });
    recorder.stop();
  }
  compiled(1);
});

test('a wrong value or attribute of a bound metric is dropped, counted and reported, as with one that is not bound', async () => {
  const bind = boundMetric as (definition: unknown, attributes?: unknown) => (value: unknown) => void;
  const hostile = {
    get backend() {
      throw new Error('no');
    },
  };
  const own: MetricDefinition = { ...compileSuccess };
  bind(own, { backend: 'cuda', secret: 'x' })(1);
  bind(own, { backend: 'cuda' })(-1);
  bind({ ...own }, hostile)(1);
  bind(undefined)(1);
  expect(await recorder.points('compile.success')).toEqual({ '{"backend":"cuda"}': 1 });
  expect(await faults()).toEqual({ [fault('attribute')]: 2, [fault('value')]: 1, [fault('metric')]: 1 });
});

test('an instrument that can be bound is bound once for a series', () => {
  const bound: [Attributes, number[]][] = [];
  const bind = (attributes: Attributes) => {
    const values: number[] = [];
    bound.push([attributes, values]);
    return (value: number) => void values.push(value);
  };
  const meter = { createCounter: () => ({ bind, add: () => expect.unreachable() }) };
  recorder.stop();
  metrics.setGlobalMeterProvider({ getMeter: () => meter } as object as MeterProvider);
  const compiled = boundMetric(compileSuccess, { backend: 'cuda', host_kind: 'offline' });
  const calls = counted({ attributes: { tier: 'gold' } }, () => 0);
  for (let i = 0; i < 3; i++) {
    compiled(2);
    calls();
  }
  metrics.disable();
  expect(bound).toEqual([
    [{ backend: 'cuda', host_kind: 'offline' }, [2, 2, 2]],
    [{ 'code.function.name': 'anonymous', tier: 'gold' }, [1, 1, 1]],
  ]);
});
