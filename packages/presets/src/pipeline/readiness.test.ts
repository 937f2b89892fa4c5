import { type InMemoryTelemetry, inMemoryTelemetry } from '@benchlab-otel/sdk/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pointsOf } from '../testing/points.suite.ts';
import { Readiness } from './readiness.ts';

let telemetry: InMemoryTelemetry;
beforeEach(() => {
  telemetry = inMemoryTelemetry();
});
afterEach(() => telemetry.shutdown());

const operator = (backend: string, maturity: string) => ({ backend, maturity });
const missing = (backend: string, binary: string) => ({ backend, binary });

test('operators are counted by backend and maturity, missing binaries by backend, each binary once', async () => {
  new Readiness().record({
    operators: [operator('cuda', 'stable'), operator('cuda', 'stable'), operator('cpu', 'experimental')],
    missingBinaries: [missing('cuda', 'nvcc'), missing('cuda', 'nvcc'), missing('cuda', 'ptxas')],
  });
  expect(await pointsOf(telemetry, 'registry.operators')).toEqual({
    '{"backend":"cuda","maturity":"stable"}': 2,
    '{"backend":"cpu","maturity":"experimental"}': 1,
  });
  expect(await pointsOf(telemetry, 'registry.missing_binaries')).toEqual({
    '{"backend":"cuda"}': 2,
    '{"backend":"cpu"}': 0,
  });
});

test('a series that the latest check no longer has is set to 0', async () => {
  const readiness = new Readiness();
  readiness.record({ operators: [operator('cuda', 'experimental')], missingBinaries: [missing('fpga', 'yosys')] });
  readiness.record({ operators: [operator('cuda', 'stable')], missingBinaries: [] });
  expect(await pointsOf(telemetry, 'registry.operators')).toEqual({
    '{"backend":"cuda","maturity":"experimental"}': 0,
    '{"backend":"cuda","maturity":"stable"}': 1,
  });
  expect(await pointsOf(telemetry, 'registry.missing_binaries')).toEqual({
    '{"backend":"cuda"}': 0,
    '{"backend":"fpga"}': 0,
  });
});

test('the number of series is bounded, and a series beyond the bound is reported', async () => {
  const operators = Array.from({ length: 600 }, (_, i) => operator(`backend${i}`, 'stable'));
  new Readiness().record({ operators, missingBinaries: [] });
  expect(Object.keys(await pointsOf(telemetry, 'registry.operators'))).toHaveLength(500);
  expect(telemetry.diagnostics).toEqual([expect.stringContaining('more than 500 series')]);
});

test.each([undefined, null, {}, { operators: [null], missingBinaries: [] }])(
  'a state of %o is reported, and nothing throws',
  (state) => {
    expect(() => new Readiness().record(state as never)).not.toThrow();
    expect(telemetry.diagnostics).toEqual([expect.stringContaining('a state could not be recorded')]);
  },
);
