import { expect, test } from 'vitest';
import { card, FakeNvml } from '../testing/fakeNvml.suite.ts';
import { setUp } from './receiver.suite.ts';

test('a value that a device does not support is asked for once and absent, and other devices keep it', async () => {
  const nvml = new FakeNvml(card('GPU-a', { nvmlDeviceGetPowerUsage: { code: 3 } }), card('GPU-b'));
  const { clock, consumer, receiver, value } = setUp(nvml);
  await receiver.start(consumer);
  await clock.advanceMs(1050);
  await receiver.stop();
  expect(value('hw.power')).toBeUndefined();
  expect(value('hw.power', {}, 'GPU-b')).toBe(71.5);
  expect(nvml.calls.filter((name) => name === 'nvmlDeviceGetPowerUsage')).toHaveLength(1 + 11);
  expect(consumer.reports.every(({ outcome }) => outcome === 'success')).toBe(true);
});

test('a value that is not permitted is reported once, by name', async () => {
  const { clock, consumer, receiver } = setUp(new FakeNvml(card('GPU-a', { nvmlDeviceGetPowerUsage: { code: 4 } })));
  await receiver.start(consumer);
  await clock.advanceMs(350);
  await receiver.stop();
  expect(consumer.reports.map(({ outcome }) => outcome)).toEqual(['partial', 'success', 'success', 'success']);
  expect(consumer.reports[0]?.error).toMatchObject({
    code: 'NO_PERMISSION',
    message: expect.stringContaining('power'),
  });
});

test('a value that the driver has no sample for is left out of that poll, and counted', async () => {
  let code = 27;
  const power = () => (code === 0 ? 50_000 : { code });
  const { clock, consumer, receiver, value } = setUp(new FakeNvml(card('GPU-a', { nvmlDeviceGetPowerUsage: power })));
  await receiver.start(consumer);
  await clock.advanceMs(50);
  expect([value('hw.power'), value('benchlab.readings.rejected', { 'error.type': 'no_sample' })]).toEqual([
    undefined,
    1,
  ]);
  code = 0;
  await clock.advanceMs(100);
  expect([value('hw.power'), value('benchlab.readings.rejected', { 'error.type': 'no_sample' })]).toEqual([50, 1]);
  await receiver.stop();
});

test('impossible values of a driver are dropped and counted', async () => {
  const lies = {
    nvmlDeviceGetUtilizationRates: [7_000, 0],
    nvmlDeviceGetMemoryInfo: () => 0xffff_ffff_ffff_ffffn,
    nvmlDeviceGetPowerUsage: 0xffff_ffff,
    nvmlDeviceGetTemperature: 1000,
    nvmlDeviceGetTotalEnergyConsumption: 0xffff_ffff_ffff_ffffn,
    nvmlDeviceGetPerformanceState: 32,
  };
  const { clock, consumer, receiver, value } = setUp(new FakeNvml(card('GPU-a', lies)));
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  for (const name of [
    'hw.gpu.utilization',
    'hw.gpu.memory.limit',
    'hw.gpu.memory.usage',
    'hw.power',
    'hw.temperature',
    'hw.energy',
  ]) {
    expect(value(name), name).toBeUndefined();
  }
  expect(value('benchlab.gpu.performance_state')).toBeUndefined();
  expect(value('benchlab.readings.rejected', { 'error.type': 'implausible' })).toBe(6);
  expect(consumer.samples[0]).not.toHaveProperty('totals');
  expect(consumer.reports[0]).toMatchObject({ outcome: 'partial', error: { code: 'BAD_REPLY' } });
});
