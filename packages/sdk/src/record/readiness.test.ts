import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../../test/recorder.ts';
import { Readiness } from './readiness.ts';
import { recordHealth } from './recordHealth.ts';

let recorder: Recorder;
beforeEach(() => {
  recorder = Recorder.start();
});
afterEach(() => recorder.stop());

const operator = (backend: string, maturity: string) => ({ backend, maturity });
const missing = (backend: string, binary: string) => ({ backend, binary });

test('operators are counted by backend and maturity, missing binaries by backend, each binary once', async () => {
  new Readiness().record({
    operators: [operator('cuda', 'stable'), operator('cuda', 'stable'), operator('cpu', 'experimental')],
    missingBinaries: [missing('cuda', 'nvcc'), missing('cuda', 'nvcc'), missing('cuda', 'ptxas')],
  });
  expect(await recorder.points('registry.operators')).toEqual({
    '{"backend":"cuda","maturity":"stable"}': 2,
    '{"backend":"cpu","maturity":"experimental"}': 1,
  });
  expect(await recorder.points('registry.missing_binaries')).toEqual({
    '{"backend":"cuda"}': 2,
    '{"backend":"cpu"}': 0,
  });
});

test('what the latest check no longer has goes to 0', async () => {
  const readiness = new Readiness();
  readiness.record({ operators: [operator('cuda', 'experimental')], missingBinaries: [missing('fpga', 'yosys')] });
  readiness.record({ operators: [operator('cuda', 'stable')], missingBinaries: [] });
  expect(await recorder.points('registry.operators')).toEqual({
    '{"backend":"cuda","maturity":"experimental"}': 0,
    '{"backend":"cuda","maturity":"stable"}': 1,
  });
  expect(await recorder.points('registry.missing_binaries')).toEqual({
    '{"backend":"cuda"}': 0,
    '{"backend":"fpga"}': 0,
  });
});

test('the number of series is bounded, and what finds no room is reported', async () => {
  const operators = Array.from({ length: 600 }, (_, i) => operator(`backend${i}`, 'stable'));
  new Readiness().record({ operators, missingBinaries: [] });
  expect(Object.keys(await recorder.points('registry.operators'))).toHaveLength(500);
  expect(recorder.troubles).toEqual([expect.stringContaining('more than 500 series')]);
});

test('a health check is 1 for what it found and 0 for the rest', async () => {
  recordHealth('healthy');
  recordHealth('degraded');
  expect(await recorder.points('sidepanel.health.status')).toEqual({
    '{"status":"healthy"}': 0,
    '{"status":"degraded"}': 1,
    '{"status":"unhealthy"}': 0,
  });
});
