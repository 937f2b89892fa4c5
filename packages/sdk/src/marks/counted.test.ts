import { type MetricDefinition, OptionError } from '@benchlab-otel/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../../test/recorder.ts';
import { type CountedConfig, counted } from './counted.ts';
import { type TimedConfig, timed } from './timed.ts';

let recorder: Recorder;
beforeEach(() => {
  recorder = Recorder.start();
});
afterEach(() => recorder.stop());

const definition: MetricDefinition = {
  name: 'compile_success',
  unit: '',
  instrument: 'counter',
  description: 'Compilations that succeeded.',
  attributes: ['backend', 'host'],
  stability: 'stable',
  origin: 'seed',
};

test('a metric has only the attributes that its definition lists', async () => {
  const attributes = (backend: string) => ({ backend, secret: 'x' });
  const compile = counted({ metric: definition, attributes }, (backend: string) => backend);
  compile('llvm');
  expect(await recorder.points('compile_success')).toEqual({ '{"backend":"llvm"}': 1 });
  expect(recorder.troubles).toEqual([expect.stringContaining("the metric does not list 'secret'")]);
});

test('values that cannot be labels, or are absent, are left out; long ones are cut', async () => {
  const attributes = () => ({ a: undefined, b: {}, c: 'x'.repeat(1_000) }) as object as Record<string, string>;
  counted({ metric: 'calls', attributes, functionName: 'made' }, () => 0)();
  const [key = ''] = Object.keys(await recorder.points('calls'));
  expect(JSON.parse(key)).toEqual({ 'code.function.name': 'made', c: 'x'.repeat(255) });
});

test.each<[string, CountedConfig, string]>([
  [
    'a name that no instrument may have',
    { metric: '7 calls' },
    'metric of Counted is "7 calls". It must be a name like',
  ],
  [
    'a metric of another kind',
    { metric: { ...definition, instrument: 'gauge' } },
    'metric.instrument of Counted is "gauge". It must be counter.',
  ],
  [
    'a fixed attribute that is not listed',
    { metric: definition, attributes: { x: 1 } },
    'attributes of Counted is "x". It must be one of backend,host.',
  ],
  ['another outcome', { only: 'never' as 'success' }, 'only of Counted is "never". It must be success or failure.'],
])('%s is refused when the function is wrapped', (_name, config, message) => {
  expect(() => counted(config, () => 0)).toThrow(OptionError);
  expect(() => counted(config, () => 0)).toThrow(message);
});

test.each<[string, TimedConfig, string]>([
  [
    'a metric that is not in seconds',
    { metric: { ...definition, instrument: 'histogram', unit: 'ms' } },
    'metric.unit of Timed is "ms". It must be s.',
  ],
  ['buckets out of order', { buckets: [1, 0.5] }, 'ascending order'],
  ['buckets that are not numbers', { buckets: [0.5, Number.NaN] }, 'finite seconds'],
])('%s is refused by timed() too', (_name, config, message) => {
  expect(() => timed(config, () => 0)).toThrow(message);
});

test('only successes are counted with the option only: success', async () => {
  const work = counted({ metric: 'good', only: 'success' }, (isGood: boolean) => {
    if (!isGood) throw undefined;
  });
  work(true);
  expect(() => work(false)).toThrow();
  expect(Object.values(await recorder.points('good'))).toEqual([1]);
});
