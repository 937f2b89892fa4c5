import { expect, test } from 'vitest';
import { card, FakeNvml } from '../testing/fakeNvml.suite.ts';
import { setUp } from './receiver.suite.ts';

test('a call that hangs is abandoned after five seconds with its thread; the GPUs are silent, and read again when it works', async () => {
  const nvml = new FakeNvml(card('GPU-a'));
  const { clock, consumer, receiver } = setUp(nvml, { smi: false });
  await receiver.start(consumer);
  await clock.advanceMs(150);
  nvml.isWedged = true;
  const before = consumer.samples.length;
  await clock.advanceMs(5100);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'failure', error: { code: 'TIMEOUT' } });
  expect(consumer.losses).toEqual([]);
  nvml.isWedged = false;
  await clock.advanceMs(2000);
  expect(nvml.started).toBe(2);
  expect(consumer.samples.length).toBeGreaterThan(before + 5);
  await receiver.stop();
});

test('after three threads that hang, NVML is not called until one returns', async () => {
  const nvml = new FakeNvml(card('GPU-a'));
  nvml.isWedged = true;
  const { clock, consumer, receiver } = setUp(nvml, { smi: false });
  await receiver.start(consumer);
  await clock.advanceMs(600_000);
  expect(nvml.started).toBe(3);
  expect(consumer.reports.at(-1)?.error?.message).toContain('3 calls into the NVIDIA driver hang');
  nvml.isWedged = false;
  nvml.release();
  await clock.advanceMs(61_000);
  await receiver.stop();
  expect(consumer.samples.length).toBeGreaterThan(0);
});

test('stop ends a request that hangs, at once', async () => {
  const nvml = new FakeNvml(card('GPU-a'));
  nvml.isWedged = true;
  const { clock, consumer, receiver } = setUp(nvml);
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  expect(consumer.reports).toEqual([]);
  expect(clock.pending).toBe(0);
});
