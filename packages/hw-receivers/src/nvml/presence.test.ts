import { expect, test } from 'vitest';
import { card, FakeNvml } from '../testing/fakeNvml.suite.ts';
import { setUp } from './receiver.suite.ts';

test('a GPU that is lost ends its series; the others are read; it is found again, even under another index', async () => {
  const [a, b] = [card('GPU-a'), card('GPU-b')];
  const nvml = new FakeNvml(a, b);
  const { clock, consumer, receiver } = setUp(nvml);
  await receiver.start(consumer);
  await clock.advanceMs(150);
  const source = consumer.samples[0]?.source;
  nvml.gpus[0] = {
    uuid: 'GPU-a',
    answers: Object.fromEntries(Object.keys(a.answers).map((name) => [name, { code: 15 }])),
  };
  await clock.advanceMs(500);
  expect(consumer.losses).toMatchObject([{ source: { id: 'GPU-a' }, error: { code: 'DEVICE_LOST' } }]);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'partial' });
  expect(consumer.samples.at(-1)?.source.id).toBe('GPU-b');
  nvml.gpus = [b, a];
  await clock.advanceMs(2000);
  await receiver.stop();
  expect(consumer.losses).toHaveLength(1);
  expect(consumer.samples.findLast((sample) => sample.source.id === 'GPU-a')?.source).toBe(source);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'success' });
});

test('a GPU that is away for long is looked for at growing intervals, while the others are read', async () => {
  const [a, b] = [card('GPU-a'), card('GPU-b')];
  const nvml = new FakeNvml(b, a);
  const { clock, consumer, receiver } = setUp(nvml);
  const opens = () => nvml.calls.filter((name) => name === 'nvmlInit_v2').length;
  await receiver.start(consumer);
  await clock.advanceMs(150);
  nvml.gpus = [b];
  await clock.advanceMs(600_000);
  expect(consumer.losses).toMatchObject([{ source: { id: 'GPU-a' } }]);
  expect(opens()).toBeGreaterThan(10);
  expect(opens()).toBeLessThan(20);
  expect(consumer.samples.filter(({ source }) => source.id === 'GPU-b').length).toBeGreaterThan(5990);
  nvml.gpus = [b, a];
  await clock.advanceMs(61_000);
  expect(consumer.samples.at(-1)?.source.id).toBe('GPU-a');
  const opensWhenBack = opens();
  await clock.advanceMs(120_000);
  await receiver.stop();
  expect(opens()).toBe(opensWhenBack);
});

test('a GPU that appears, or does not answer at first, is read when it does', async () => {
  const nvml = new FakeNvml();
  const { clock, consumer, receiver } = setUp(nvml, { smi: false });
  await receiver.start(consumer);
  await clock.advanceMs(5000);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'no_data', error: { code: 'NO_DEVICE' } });
  nvml.gpus = [card('GPU-a'), { uuid: 'GPU-b', answers: {} }];
  nvml.codes.set('nvmlDeviceGetUUID', 15);
  await clock.advanceMs(10_000);
  expect(consumer.samples).toEqual([]);
  nvml.codes.clear();
  await clock.advanceMs(20_000);
  await receiver.stop();
  expect(consumer.samples.at(-1)?.source.id).toBe('GPU-a');
});

test('a driver that is unloaded loses every GPU, and is tried again at growing intervals', async () => {
  const nvml = new FakeNvml(card('GPU-a'), card('GPU-b'));
  const { clock, consumer, receiver } = setUp(nvml, { smi: false });
  await receiver.start(consumer);
  await clock.advanceMs(150);
  for (const name of ['nvmlDeviceGetPowerUsage', 'nvmlInit_v2'] as const) nvml.codes.set(name, 9);
  await clock.advanceMs(60_000);
  expect(consumer.losses.map(({ source }) => source.id).sort()).toEqual(['GPU-a', 'GPU-b']);
  const attempts = nvml.calls.filter((name) => name === 'nvmlInit_v2').length;
  expect(attempts).toBeGreaterThan(4);
  expect(attempts).toBeLessThan(9);
  nvml.codes.clear();
  await clock.advanceMs(61_000);
  await receiver.stop();
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'success' });
});

test('a GPU that this user may not open is reported in words, and the other one is read', async () => {
  const nvml = new FakeNvml(card('GPU-a'), card('GPU-b'));
  const byIndex = nvml.call;
  const guarded: typeof byIndex = (name, ...values) =>
    name === 'nvmlDeviceGetHandleByIndex_v2' && values[0] === 1 ? 4 : byIndex(name, ...values);
  const { clock, consumer, receiver } = setUp(Object.assign(nvml, { call: guarded }));
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  expect(consumer.samples.map(({ source }) => source.id)).toEqual(['GPU-a']);
});
