import { metric, SampleMetrics } from '@benchlab-otel/core';
import { CollectedSamples as Collected, ManualClock } from '@benchlab-otel/core/testing';
import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { card, FakeNvml } from '../testing/fakeNvml.suite.ts';
import type { NvmlFunction } from './functions.ts';
import { nvmlReceiver } from './receiver.ts';
import type { RunSmi } from './smi.ts';

const warnings: string[] = [];
beforeEach(() => {
  warnings.length = 0;
  const ignore = () => undefined;
  diag.setLogger({ error: ignore, warn: (text) => warnings.push(text), info: ignore, debug: ignore, verbose: ignore });
});
afterEach(() => diag.disable());

function setUp(...gpus: ConstructorParameters<typeof FakeNvml>) {
  const [nvml, clock, consumer] = [new FakeNvml(...gpus), new ManualClock(), new Collected()];
  nvml.nowNs = () => clock.nowNs();
  const noSmi: RunSmi = () => Promise.reject(new Error('there is no nvidia-smi'));
  const receiver = nvmlReceiver({ clock, smi: false }, { startWorker: nvml.startWorker, smi: () => noSmi });
  const has = (name: string, uuid = 'GPU-a') =>
    consumer.samples
      .findLast(({ source }) => source.id === uuid)
      ?.readings.some(({ sensor }) => sensor.metric.name === name) === true;
  return { nvml, clock, consumer, receiver, has };
}

const power: NvmlFunction = 'nvmlDeviceGetPowerUsage';

test.each([
  ['not supported', 3, 500],
  ['no permission', 4, 500],
  ['an error that NVML cannot explain', 999, 4000],
  ['deprecated', 26, 4000],
])('a value that is refused (%s) is reported, and comes back within seconds', async (_, code, ms) => {
  const { nvml, clock, consumer, receiver, has } = setUp(card('GPU-a'));
  await receiver.start(consumer);
  await clock.advanceMs(1000);
  nvml.codes.set(power, code);
  await clock.advanceMs(ms);
  expect(has('hw.power')).toBe(false);
  expect(has('hw.temperature')).toBe(true);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'partial' });
  expect(consumer.reports.at(-1)?.error?.message).toContain('powerMilliwatts');
  nvml.codes.clear();
  await clock.advanceMs(9000);
  expect(has('hw.power')).toBe(true);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'success' });
  await receiver.stop();
  expect(warnings.filter((text) => text.includes('powerMilliwatts'))).toHaveLength(1);
});

test('a value that is refused for long is asked for less and less often', async () => {
  const { nvml, clock, consumer, receiver } = setUp(card('GPU-a'));
  await receiver.start(consumer);
  await clock.advanceMs(1000);
  nvml.codes.set(power, 3);
  nvml.calls.length = 0;
  await clock.advanceMs(60_000);
  await receiver.stop();
  expect(nvml.calls.filter((name) => name === power).length).toBeLessThan(9);
});

test('a value that has gone for good is reported for two minutes, and is still asked for', async () => {
  const { nvml, clock, consumer, receiver, has } = setUp(card('GPU-a'));
  await receiver.start(consumer);
  await clock.advanceMs(1000);
  nvml.codes.set(power, 3);
  await clock.advanceMs(100_000);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'partial' });
  await clock.advanceMs(30_000);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'success' });
  nvml.codes.clear();
  await clock.advanceMs(61_000);
  expect(has('hw.power')).toBe(true);
  nvml.codes.set(power, 3);
  await clock.advanceMs(500);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'partial' });
  await receiver.stop();
});

test('a value that the GPU did not give at first is asked for after a minute', async () => {
  const { nvml, clock, consumer, receiver, has } = setUp(card('GPU-a'));
  nvml.codes.set(power, 3);
  await receiver.start(consumer);
  await clock.advanceMs(1000);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'success' });
  nvml.codes.clear();
  await clock.advanceMs(61_000);
  expect(has('hw.power')).toBe(true);
  await receiver.stop();
});

test('a GPU that gives no value at all is a failure in the log and in the counts, has failed, and comes back', async () => {
  const answers = card('GPU-a').answers;
  let isRefusing = false;
  const refusing = Object.fromEntries(
    Object.entries(answers).map(([name, given]) => [
      name,
      (values: Parameters<Extract<typeof given, (...each: never[]) => unknown>>[0]) =>
        isRefusing ? { code: 999 } : typeof given === 'function' ? given(values) : given,
    ]),
  );
  const { clock, consumer, receiver } = setUp({ uuid: 'GPU-a', answers: refusing as typeof answers });
  const metrics = new SampleMetrics({ clock });
  await receiver.start({
    sample: (sample) => {
      metrics.sample(sample);
      consumer.sample(sample);
    },
    lost: (loss) => metrics.lost(loss),
    polled: (report) => {
      metrics.polled(report);
      consumer.polled(report);
    },
  });
  const state = () =>
    metrics
      .collect(clock.nowNs())
      .find(({ definition }) => definition === metric.hwStatus)
      ?.points.find(({ value }) => value === 1)?.attributes['hw.state'];
  await clock.advanceMs(1000);
  expect(state()).toBe('ok');
  isRefusing = true;
  const before = consumer.samples.length;
  await clock.advanceMs(6000);
  expect(state()).toBe('failed');
  expect(consumer.samples.length).toBe(before);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'failure', error: { code: 'NO_REPLY' } });
  expect(warnings.some((text) => text.includes('GPU-a reported no value at all'))).toBe(true);
  isRefusing = false;
  await clock.advanceMs(9000);
  expect(state()).toBe('ok');
  await receiver.stop();
});

test('a GPU that is plugged in while another is read is found within half a minute', async () => {
  const { nvml, clock, consumer, receiver } = setUp(card('GPU-a'));
  await receiver.start(consumer);
  await clock.advanceMs(1000);
  nvml.gpus = [...nvml.gpus, card('GPU-b')];
  await clock.advanceMs(31_000);
  await receiver.stop();
  expect(new Set(consumer.samples.map(({ source }) => source.id))).toEqual(new Set(['GPU-a', 'GPU-b']));
  expect(consumer.losses).toEqual([]);
});

const functions = Object.keys(card('GPU-a').answers) as NvmlFunction[];

test.each(functions)('%s refused for ten seconds and well again leaves no series behind', async (name) => {
  const { nvml, clock, consumer, receiver } = setUp(card('GPU-a'));
  const series = () => new Set(consumer.samples.at(-1)?.readings.map(({ sensor }) => sensor));
  await receiver.start(consumer);
  await clock.advanceMs(1000);
  const before = series();
  nvml.codes.set(name, 999);
  await clock.advanceMs(10_000);
  nvml.codes.clear();
  // The limits and the slowest back-off.
  await clock.advanceMs(61_000);
  await receiver.stop();
  expect(series()).toEqual(before);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'success' });
});

test.each([1, 2, 3, 4, 5])('refusals at random (seed %d) lose no series for good', async (seed) => {
  let state = seed;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const { nvml, clock, consumer, receiver } = setUp(card('GPU-a'), card('GPU-b'));
  await receiver.start(consumer);
  await clock.advanceMs(1000);
  const names = (uuid: string) =>
    new Set(consumer.samples.findLast(({ source }) => source.id === uuid)?.readings.map(({ sensor }) => sensor));
  const before = ['GPU-a', 'GPU-b'].map(names);
  for (let n = 0; n < 60; n++) {
    nvml.codes.clear();
    for (const name of functions)
      if (random() < 0.3) nvml.codes.set(name, [3, 4, 6, 10, 21, 27, 999][Math.floor(random() * 7)] ?? 3);
    await clock.advanceMs(Math.ceil(random() * 1000));
  }
  nvml.codes.clear();
  await clock.advanceMs(61_000);
  await receiver.stop();
  expect(['GPU-a', 'GPU-b'].map(names)).toEqual(before);
  for (const { totals } of consumer.samples) expect([71.5, undefined]).toContain(totals?.gpu);
});
