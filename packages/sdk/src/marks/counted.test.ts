import type { MetricDefinition } from '@benchlab-otel/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../../test/recorder.ts';
import { counted } from './counted.ts';

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

test('only successes are counted with the option only: success', async () => {
  const work = counted({ metric: 'good', only: 'success' }, (isGood: boolean) => {
    if (!isGood) throw undefined;
  });
  work(true);
  expect(() => work(false)).toThrow();
  expect(Object.values(await recorder.points('good'))).toEqual([1]);
});
