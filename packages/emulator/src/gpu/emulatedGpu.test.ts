import { attribute, metric } from '@benchlab-otel/core';
import { CollectedSamples, ManualClock } from '@benchlab-otel/core/testing';
import { expect, it } from 'vitest';
import { gpuWattsAt } from '../bench/hostLoad.ts';
import { emulatedGpu } from './emulatedGpu.ts';

it('is read as a GPU: power of the bench, energy of this power, load, memory; every part of it is marked', async () => {
  const clock = new ManualClock();
  const samples = new CollectedSamples();
  const gpu = emulatedGpu({ rateHz: 10, clock });
  await gpu.start(samples);
  await clock.advanceMs(10_000);
  await gpu.stop();

  const [first, last] = [samples.samples[0], samples.samples.at(-1)];
  expect(samples.samples.length).toBeGreaterThan(90);
  expect(new Set(samples.samples.map(({ source }) => source)).size).toBe(1);
  expect(last?.source).toMatchObject({ simulated: true, boundary: 'gpu_board', name: 'Emulated GPU' });
  const unmarked = samples.samples
    .flatMap(({ readings }) => readings)
    .filter(({ sensor }) => !sensor.attributes[attribute.simulated]);
  expect(unmarked).toEqual([]);
  const readingOf = (sample: typeof last, wanted: unknown) =>
    sample?.readings.find(({ sensor }) => sensor.metric === wanted)?.value ?? Number.NaN;
  expect(last?.totals?.gpu).toBeCloseTo(gpuWattsAt(last?.timeNs ?? 0), 2);
  const joules = readingOf(last, metric.hwEnergy) - readingOf(first, metric.hwEnergy);
  const seconds = ((last?.timeNs ?? 0) - (first?.timeNs ?? 0)) / 1e9;
  const mean = samples.samples.reduce((sum, { timeNs }) => sum + gpuWattsAt(timeNs), 0) / samples.samples.length;
  expect(Math.abs(joules / seconds - mean)).toBeLessThan(1);
  for (const wanted of [
    metric.hwGpuUtilization,
    metric.hwGpuMemoryUsage,
    metric.hwTemperature,
    metric.benchlabGpuClock,
  ])
    expect(readingOf(last, wanted)).toBeGreaterThanOrEqual(0);
});

it('refuses a rate that the receiver of GPUs refuses', () => {
  expect(() => emulatedGpu({ rateHz: 100 })).toThrow('rateHz');
});
