import { expect, test } from 'vitest';
import { card, FakeNvml } from '../testing/fakeNvml.suite.ts';
import { setUp } from './receiver.suite.ts';
import type { RunSmi } from './smi.ts';

test('without NVML, nvidia-smi is asked every five seconds at most, and its GPUs are the same ones', async () => {
  const nvml = new FakeNvml(card('GPU-a'));
  nvml.codes.set('nvmlInit_v2', 12);
  const line = 'GPU-a, NVIDIA Test Card, 580.10, 37, 24576, 4096, 68.25, 450.00, 55, [N/A], 1740, 1740, 9501, 4, 16\n';
  const { clock, consumer, receiver, value, asked } = setUp(nvml, {}, async () => ({ text: line, exitCode: 0 }));
  await receiver.start(consumer);
  await clock.advanceMs(16_000);
  expect(asked.every((at, index) => index === 0 || at - (asked[index - 1] ?? 0) >= 5)).toBe(true);
  expect(asked).toHaveLength(4);
  expect(value('hw.power')).toBe(68.25);
  expect(consumer.samples[0]).toMatchObject({ source: { id: 'GPU-a', boundary: 'gpu_board' }, totals: { gpu: 68.25 } });
  nvml.codes.clear();
  await clock.advanceMs(60_000);
  await receiver.stop();
  expect(value('hw.power')).toBe(71.5);
  expect(consumer.losses).toEqual([]);
});

test.each([
  [
    'no value of its GPU',
    `ddb2b5c8-4a1e-5f0f-9d3c-0a1b2c3d4e5f, Orin (nvgpu), 540.4.0${', [N/A]'.repeat(12)}`,
    'no value at all',
  ],
  [
    'impossible values',
    `GPU-a, X, 580.10, 6553600${', [N/A]'.repeat(2)}, 99999.00, 350.00${', [N/A]'.repeat(7)}`,
    'impossible values',
  ],
])('nvidia-smi with %s is not a success, and the poll states why', async (_, line, words) => {
  const nvml = new FakeNvml();
  nvml.codes.set('nvmlInit_v2', 12);
  const { clock, consumer, receiver } = setUp(nvml, {}, async () => ({ text: `${line}\n`, exitCode: 0 }));
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  expect(consumer.reports[0]?.outcome).not.toBe('success');
  expect(consumer.reports[0]?.error?.message).toContain(words);
});

test('nvidia-smi that hangs is killed after ten seconds, and asked at growing intervals', async () => {
  const nvml = new FakeNvml();
  nvml.codes.set('nvmlInit_v2', 12);
  let killed = 0;
  const hang: RunSmi = (_args, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        killed++;
        reject(new Error('killed'));
      });
    });
  const { clock, consumer, receiver, asked } = setUp(nvml, {}, hang);
  await receiver.start(consumer);
  await clock.advanceMs(120_000);
  await receiver.stop();
  expect(killed).toBe(asked.length);
  expect(asked.length).toBeGreaterThan(2);
  expect(asked.length).toBeLessThan(7);
  expect(consumer.samples).toEqual([]);
});
