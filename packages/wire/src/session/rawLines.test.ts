import { attribute, metric, type Sample, type Sensor, type Source } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { parseRawLine } from './rawLine.ts';
import { RawSampleEncoder, rawStream } from './rawSampleLine.ts';
import { formatRawStage } from './rawStageLine.ts';

const board: Source = { id: '5349', name: 'BENCHLAB', simulated: true, boundary: 'dc_rails', attributes: {} };
const at = (definition: Sensor['metric'], location: string, parent = '5349'): Sensor => ({
  metric: definition,
  attributes: {
    [attribute.hwId]: `5349/${location}`,
    [attribute.hwParent]: parent,
    [attribute.hwSensorLocation]: location,
    [attribute.hwType]: 'power_rail',
    [attribute.simulated]: true,
  },
});
const sample = (source: Source, readings: Sample['readings'], totals?: Sample['totals']): Sample => ({
  source,
  timeNs: 1_000,
  uncertaintyNs: 250,
  readings,
  ...(totals && { totals }),
});
const lineOf = (given: Sample) => JSON.parse(new RawSampleEncoder().format(given));

test('a sample of a board has the keys of the seed, its rails and all other readings, and is read again', () => {
  const given = sample(
    board,
    [
      { sensor: at(metric.hwPower, 'EPS1'), value: 60 },
      { sensor: at(metric.hwPower, 'HPWR1_W3', '5349/HPWR1'), value: 5 },
      { sensor: at(metric.hwVoltage, 'EPS1'), value: 12.01 },
      { sensor: at(metric.hwTemperature, 'CHIP'), value: 41 },
      { sensor: at(metric.hwTemperature, 'VRM'), value: 55 },
    ],
    { system: 240, cpu: 60 },
  );

  expect(lineOf(given)).toEqual({
    ts_ns: 1_000,
    source: 'benchlab.usb',
    kv: {
      p_sys: 240,
      p_cpu: 60,
      temp_c: 55,
      power: [{ rail: 'EPS1', power: 60 }],
      readings: {
        'hw.power/HPWR1_W3': 5,
        'hw.voltage/EPS1': 12.01,
        'hw.temperature/CHIP': 41,
        'hw.temperature/VRM': 55,
      },
    },
    cal: { offset_ns: 0, rtt_ns: 500 },
    id: '5349',
    simulated: true,
  });
  expect(parseRawLine(new RawSampleEncoder().format(given), 'x')).toEqual({
    power: { timeNs: 1_000, uncertaintyNs: 250, watts: 240, source: 'benchlab.usb', simulated: true },
  });
  expect(rawStream(board)).toBe('benchlab');
});

test('of two boards the first is the bench: the other has neither its total nor a list of rails', () => {
  const encoder = new RawSampleEncoder();
  const other = { ...board, id: '77' };
  const rail = { ...at(metric.hwPower, 'EPS1'), attributes: { 'hw.id': '77/EPS1', 'hw.parent': '77' } };
  encoder.format(sample(board, [], { system: 240 }));
  const line = encoder.format(sample(other, [{ sensor: rail, value: 60 }], { system: 100 }));

  expect(JSON.parse(line).kv).toEqual({ readings: { 'hw.power/EPS1': 60 } });
  expect(parseRawLine(line, 'x')).toEqual({ other: 'benchlab.usb' });
  expect(encoder.powerOf(sample(other, [], { system: 100 }))).toBeUndefined();
});

test('a GPU has the keys of the seed that it measures, and no others', () => {
  const gpu: Source = { id: 'GPU-1', name: 'RTX', simulated: false, boundary: 'gpu_board', attributes: {} };
  const own = { [attribute.hwId]: 'GPU-1' };
  const line = lineOf(
    sample(gpu, [
      {
        sensor: { metric: metric.hwGpuUtilization, attributes: { ...own, [attribute.hwGpuTask]: 'encoder' } },
        value: 1,
      },
      {
        sensor: { metric: metric.hwGpuUtilization, attributes: { ...own, [attribute.hwGpuTask]: 'general' } },
        value: 0.852,
      },
      { sensor: { metric: metric.hwPower, attributes: { ...own, [attribute.meter]: 'nvml' } }, value: 285.5 },
    ]),
  );

  expect(line).toMatchObject({ source: 'gpu.nvml', kv: { gpu_util: 85.2, power_w: 285.5 } });
  expect(line.kv.readings).toEqual({
    'hw.gpu.utilization/encoder': 1,
    'hw.gpu.utilization/general': 0.852,
    'hw.power/nvml': 285.5,
  });
  expect(line.kv).not.toHaveProperty('temp_c');
  expect(line).not.toHaveProperty('simulated');
  expect(rawStream(gpu)).toBe('telemetry');
});

test('the host and its chips have names of their own', () => {
  const host: Source = { id: 'host', name: 'host', simulated: false, attributes: {} };
  const usage = { sensor: { metric: metric.systemCpuUsage, attributes: {} }, value: 32.5 };

  expect(lineOf(sample(host, [usage]))).toMatchObject({ source: 'cpu.psutil', kv: { cpu_util: 32.5 } });
  expect(lineOf(sample({ ...host, id: 'rapl' }, []))).toMatchObject({ source: 'host.rapl', kv: { readings: {} } });
});

test.each(['\ud800', 'a\udc00b', '=1+1', 'a,"b"/../c', 'ö\u2028'])(
  'a stage of the name %j is read as it was written',
  (name) => {
    const event = { timeNs: 5, uncertaintyNs: 1, stage: name, frameId: name, traceId: name, source: 'x' };

    expect(parseRawLine(formatRawStage(event), 'x')).toEqual({ event });
  },
);

test('a sample that needs more bytes than the reader takes is refused', () => {
  const readings = Array.from({ length: 8_000 }, (_, k) => ({ sensor: at(metric.hwVoltage, `R${k}`), value: 1 }));

  expect(() => new RawSampleEncoder().format(sample(board, readings))).toThrow(/needs more than 65536 bytes/);
});

test('a stage event keeps frame, uncertainty and mark', () => {
  const event = {
    timeNs: 5,
    uncertaintyNs: 21,
    stage: 'in,gress',
    frameId: '17',
    source: 'gst',
    simulated: true,
  } as const;
  const line = formatRawStage(event);

  expect(JSON.parse(line)).toEqual({
    ts_ns: 5,
    source: 'pipeline',
    kv: { stage: 'in,gress', frame_id: '17' },
    cal: { offset_ns: 0, rtt_ns: 42 },
    simulated: true,
  });
  expect(parseRawLine(line, 'gst')).toEqual({ event });
  expect(() => formatRawStage({ ...event, timeNs: Number.NaN })).toThrow(/timeNs/);
  expect(() => formatRawStage({ ...event, stage: 'a\n' })).toThrow(/stage/);
});
