import { expect, test } from 'vitest';
import { card, FakeNvml } from '../testing/fakeNvml.suite.ts';
import { setUp } from './receiver.suite.ts';

test('a GPU is a source under its UUID, with a total of its own and readings in SI units', async () => {
  const { clock, consumer, receiver, value } = setUp(new FakeNvml(card('GPU-a')));
  await receiver.start(consumer);
  await clock.advanceMs(1050);
  await receiver.stop();
  expect(consumer.samples).toHaveLength(11);
  expect(consumer.reports.every(({ outcome }) => outcome === 'success')).toBe(true);
  const [sample] = consumer.samples;
  expect(sample?.source).toMatchObject({
    id: 'GPU-a',
    name: 'NVIDIA Test Card',
    boundary: 'gpu_board',
    simulated: false,
  });
  expect(sample?.totals).toEqual({ gpu: 71.5 });
  expect(value('hw.power')).toBe(71.5);
  expect(value('hw.energy')).toBe(9_007_199.254);
  expect(value('hw.gpu.utilization', { 'hw.gpu.task': 'general' })).toBe(0.42);
  expect(value('hw.gpu.memory.usage')).toBe(4 * 2 ** 30);
  expect(value('hw.gpu.memory.utilization')).toBeCloseTo(1 / 6, 12);
  expect(value('hw.temperature', { 'hw.sensor_location': 'gpu' })).toBe(61);
  expect(value('benchlab.gpu.clock', { 'benchlab.gpu.clock': 'memory' })).toBe(9.5e9);
  expect(value('benchlab.gpu.clock.event', { 'benchlab.gpu.clock.reason': 'software_thermal' })).toBe(1);
  expect(value('benchlab.gpu.clock.event', { 'benchlab.gpu.clock.reason': 'hardware_thermal' })).toBe(0);
  expect(value('benchlab.gpu.performance_state')).toBe(2);
});

test('every series is unique and has only the attributes that its metric declares', async () => {
  const { clock, consumer, receiver } = setUp(new FakeNvml(card('GPU-a'), card('GPU-b')), { processes: true });
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  const readings = consumer.samples.flatMap((sample) => sample.readings);
  const keys = readings.map(({ sensor }) => JSON.stringify([sensor.metric.name, sensor.attributes]));
  expect(new Set(keys).size).toBe(keys.length);
  for (const { sensor } of readings) {
    expect(sensor.metric.attributes).toEqual(expect.arrayContaining(Object.keys(sensor.attributes)));
  }
});

test('a partitioned GPU has power as a whole, and memory for each of its instances', async () => {
  const instances = [card('MIG-1'), card('MIG-2', { nvmlDeviceGetMemoryInfo: [8 * 2 ** 30, 2 ** 30, 7 * 2 ** 30] })];
  const whole = card('GPU-a', {
    nvmlDeviceGetUtilizationRates: { code: 3 },
    nvmlDeviceGetMigMode: [1],
    nvmlDeviceGetMaxMigDeviceCount: 3,
    nvmlDeviceGetMigDeviceHandleByIndex: ([, index]) => (Number(index) < 2 ? BigInt(Number(index) + 2) : { code: 6 }),
  });
  const nvml = new FakeNvml(whole, ...instances);
  nvml.codes.set('nvmlDeviceGetCount_v2', 0);
  const given = nvml.call;
  const one: typeof given = (name, ...values) => {
    if (name === 'nvmlDeviceGetCount_v2') (values[0] as Uint32Array)[0] = 1;
    return given(name, ...values);
  };
  const { clock, consumer, receiver, value } = setUp(Object.assign(nvml, { call: one }));
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  expect(new Set(consumer.samples.map(({ source }) => source.id))).toEqual(new Set(['GPU-a']));
  expect(value('hw.gpu.memory.usage', { 'hw.id': 'MIG-2' })).toBe(7 * 2 ** 30);
  expect(value('hw.gpu.memory.limit', { 'hw.id': 'MIG-1', 'hw.parent': 'GPU-a' })).toBe(24 * 2 ** 30);
  expect(consumer.readings('hw.power').map(({ sensor }) => sensor.attributes['hw.id'])).toEqual(['GPU-a']);
});
