import { type MetricDefinition, metric, SampleMetrics } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { card, FakeNvml } from '../testing/fakeNvml.suite.ts';
import type { NvmlArgument } from './functions.ts';
import { both, instant, setUp } from './receiver.suite.ts';

test.each([
  ['GA102 (8.6)', [8, 6], {}, { kind: 'mean', seconds: 1 }],
  ['Hopper (9.0)', [9, 0], {}, { kind: 'mean', seconds: 1 }],
  ['GA100 (8.0)', [8, 0], {}, undefined],
  ['Turing (7.5)', [7, 5], {}, undefined],
  ['a GPU of unknown architecture', undefined, {}, undefined],
  ['Hopper, whose total is the instant power', [9, 0], { nvmlDeviceGetFieldValues: instant(80_000) }, undefined],
] as const)('the power of %s states its aperture on the source, or none', async (_, capability, more, aperture) => {
  const named = capability && { nvmlDeviceGetCudaComputeCapability: both(capability) };
  const { clock, consumer, receiver } = setUp(new FakeNvml(card('GPU-a', { ...named, ...more })));
  await receiver.start(consumer);
  await clock.advanceMs(150);
  await receiver.stop();
  expect(consumer.samples[0]?.source.aperture).toEqual(aperture);
});

test('the power total stays the value that it was at first, also in a poll without it', async () => {
  let milliwatts: number | undefined = 80_000;
  const fields = (values: readonly NvmlArgument[]) =>
    milliwatts === undefined ? { code: 999 } : instant(milliwatts)(values);
  const named = { nvmlDeviceGetCudaComputeCapability: both([8, 9]), nvmlDeviceGetFieldValues: fields };
  const { clock, consumer, receiver } = setUp(new FakeNvml(card('GPU-a', named)));
  await receiver.start(consumer);
  await clock.advanceMs(150);
  milliwatts = undefined;
  await clock.advanceMs(100);
  milliwatts = 81_000;
  await clock.advanceMs(100);
  expect(consumer.samples.map(({ totals }) => totals?.gpu)).toEqual([80, 80, undefined, 81]);
  // While it is away for longer, the mean takes its place, as another source object.
  milliwatts = undefined;
  await clock.advanceMs(1100);
  const [first, meanwhile] = [consumer.samples[0], consumer.samples.at(-1)];
  expect(meanwhile?.totals).toEqual({ gpu: 71.5 });
  expect(meanwhile?.source.id).toBe(first?.source.id);
  expect([first?.source.aperture, meanwhile?.source.aperture]).toEqual([undefined, { kind: 'mean', seconds: 1 }]);
  milliwatts = 82_000;
  await clock.advanceMs(3000);
  await receiver.stop();
  const last = consumer.samples.at(-1);
  expect(last?.totals).toEqual({ gpu: 82 });
  expect([last?.source.id, last?.source.aperture]).toEqual([first?.source.id, undefined]);
});

test('a GPU that counts no energy gets it by integration, and one that does is counted once', async () => {
  const energies = async (...gpus: ConstructorParameters<typeof FakeNvml>) => {
    const { clock, receiver } = setUp(new FakeNvml(...gpus));
    const metrics = new SampleMetrics({ clock });
    await receiver.start(metrics);
    await clock.advanceMs(1050);
    await receiver.stop();
    return metrics.collect(clock.nowNs()).find(({ definition }) => definition === metric.hwEnergy)?.points;
  };
  expect(await energies(card('GPU-a', { nvmlDeviceGetTotalEnergyConsumption: { code: 3 } }))).toMatchObject([
    { value: expect.closeTo(71.5, 6) },
  ]);
  expect(await energies(card('GPU-a'))).toMatchObject([{ value: 9_007_199.254 }]);
});

test('an energy counter that is not ready at first is waited for, and power is not counted twice or lost', async () => {
  let isReady = false;
  const energy = () => (isReady ? 5000n : { code: 27 });
  const { clock, receiver } = setUp(new FakeNvml(card('GPU-a', { nvmlDeviceGetTotalEnergyConsumption: energy })));
  const metrics = new SampleMetrics({ clock });
  const values = (definition: MetricDefinition) =>
    metrics
      .collect(clock.nowNs())
      .find((family) => family.definition === definition)
      ?.points.map(({ value }) => value);
  await receiver.start(metrics);
  await clock.advanceMs(250);
  expect([values(metric.hwEnergy), values(metric.hwPower)]).toEqual([undefined, [71.5]]);
  isReady = true;
  await clock.advanceMs(250);
  await receiver.stop();
  expect([values(metric.hwEnergy), values(metric.hwPower)]).toEqual([[5], [71.5]]);
  expect(values(metric.benchlabSampleDropped)).toEqual([0]);
});

test('from nvidia-smi to NVML no series is refused: each is a meter of its own', async () => {
  const nvml = new FakeNvml(card('GPU-a', { nvmlDeviceGetTotalEnergyConsumption: { code: 3 } }));
  nvml.codes.set('nvmlInit_v2', 12);
  const line = 'GPU-a, NVIDIA Test Card, 580.10, 37, 24576, 4096, 68.25, 450.00, 55, [N/A], 1740, 1740, 9501, 4, 16\n';
  const { clock, receiver } = setUp(nvml, {}, async () => ({ text: line, exitCode: 0 }));
  const metrics = new SampleMetrics({ clock });
  const points = (definition: MetricDefinition) =>
    metrics
      .collect(clock.nowNs())
      .find((family) => family.definition === definition)
      ?.points.map(({ value, attributes }) => [attributes['benchlab.meter'], value]);
  await receiver.start(metrics);
  await clock.advanceMs(8000);
  expect([points(metric.hwPower), points(metric.hwEnergy)]).toEqual([[['nvidia_smi', 68.25]], undefined]);
  nvml.codes.clear();
  await clock.advanceMs(60_000);
  await receiver.stop();
  expect(points(metric.hwPower)).toEqual([['nvml', 71.5]]);
  expect(points(metric.hwEnergy)).toEqual([['nvml', expect.any(Number)]]);
  expect(points(metric.benchlabSampleDropped)).toEqual([[undefined, 0]]);
});
