import { attribute, metric, type Sample } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { simulatedBoard } from '../../../analysis/src/operations/example.suite.ts';
import { sampleTable } from './sampleTable.ts';

const sample: Sample = {
  source: simulatedBoard,
  timeNs: 123_456_789,
  uncertaintyNs: 1500,
  totals: { system: 323.6, cpu: 90 },
  readings: [
    { sensor: { metric: metric.hwPower, attributes: { [attribute.hwSensorLocation]: 'EPS1' } }, value: 60 },
    { sensor: { metric: metric.hwTemperature, attributes: { [attribute.hwSensorLocation]: 'TS_1' } }, value: 41.5 },
    fault('FAULT_OCP_HPWR1', 1),
    fault('FAULT_OTP_TS1', 0),
  ],
};

function fault(name: string, value: number) {
  const attributes = { [attribute.faultName]: name, [attribute.faultKind]: 'live', [attribute.hwName]: 'HPWR1' };
  return { sensor: { metric: metric.benchlabFault, attributes }, value };
}

it('shows a sample as a table: marked when simulated, only faults that are present', () => {
  expect(sampleTable(sample).join('\n')).toMatchInlineSnapshot(`
    "BENCHLAB 2 "emulated" (simulated): system 324 W, cpu 90.0 W
    sensor
    EPS1                            60.0 W
    TS_1                           41.5 °C
    HPWR1 FAULT_OCP_HPWR1 live  fault 1.00"
  `);
});

it('labels an assumed firmware', () => {
  const attributes = { ...simulatedBoard.attributes, [attribute.firmwareAssumed]: '7' };
  const assumed = { ...sample, source: { ...simulatedBoard, attributes } };

  expect(sampleTable(assumed)[0]).toContain('(read as firmware 7: assumed)');
});

it.each([
  [{ kind: 'mean', seconds: 1 }, 'cpu 90.0 W (mean of 1.00 s)'],
  [{ kind: 'mean', seconds: 'since the sample before' }, 'cpu 90.0 W (mean since the sample before)'],
  [{ kind: 'instant' }, 'cpu 90.0 W'],
] as const)('states what a meter averages over: %o', (aperture, end) => {
  expect(sampleTable({ ...sample, source: { ...simulatedBoard, aperture } })[0]?.endsWith(end)).toBe(true);
});
