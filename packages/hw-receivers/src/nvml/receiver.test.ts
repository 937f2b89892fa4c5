import { expect, test } from 'vitest';
import { card, FakeNvml } from '../testing/fakeNvml.suite.ts';
import { GpuReader } from './gpuReader.ts';
import { setUp } from './receiver.suite.ts';
import { nvmlReceiver } from './receiver.ts';

test.each([
  [{ rateHz: 0 }, 'rateHz'],
  [{ rateHz: 21 }, 'rateHz'],
  [{ library: '' }, 'library'],
  [{ smi: '' }, 'smi'],
  [{ devices: [] }, 'devices'],
  [{ devices: [-1] }, 'devices'],
  [{ devices: [''] }, 'devices'],
  [{ devices: 'GPU-a' as never }, 'devices'],
])('%o is refused with the name of the option when the receiver is made', (options, name) => {
  expect(() => nvmlReceiver(options)).toThrow(name);
});

test('a host without a GPU is no_data, not a failure', async () => {
  const { clock, consumer, receiver } = setUp(new FakeNvml());
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  expect(consumer.reports[0]).toMatchObject({ outcome: 'no_data', error: { code: 'NO_DEVICE' } });
});

test.each([
  ['there is no GPU', []],
  ['there is one', [card('GPU-a')]],
])('the library is shut down as often as it was initialised, when %s', async (_, gpus) => {
  const nvml = new FakeNvml(...gpus);
  const reader = new GpuReader(nvml.call, () => 0);
  const calls = (name: string) => nvml.calls.filter((each) => each === name).length;
  reader.open();
  reader.open();
  nvml.codes.set('nvmlDeviceGetCount_v2', 999);
  reader.open();
  reader.close();
  reader.close();
  expect([calls('nvmlInit_v2'), calls('nvmlShutdown')]).toEqual([3, 3]);
});

test('a consumer that throws does not stop the receiver', async () => {
  const { clock, receiver } = setUp(new FakeNvml(card('GPU-a')));
  let calls = 0;
  const sample = () => {
    calls++;
    throw new Error('not my problem');
  };
  await receiver.start({ sample, lost: () => undefined });
  await clock.advanceMs(250);
  await receiver.stop();
  expect(calls).toBe(3);
});

test('only the GPUs that are chosen are read, by index or by UUID', async () => {
  const nvml = new FakeNvml(card('GPU-a'), card('GPU-b'), card('GPU-c'));
  const { clock, consumer, receiver } = setUp(nvml, { devices: [0, 'GPU-c'] });
  await receiver.start(consumer);
  await clock.advanceMs(250);
  await receiver.stop();
  expect([...new Set(consumer.samples.map(({ source }) => source.id))]).toEqual(['GPU-a', 'GPU-c']);
  expect(consumer.reports.every(({ outcome }) => outcome === 'success')).toBe(true);
});

test.each([
  [7, 'GPU 7: chosen, and does not answer'],
  ['GPU-x', 'GPU-x: chosen, and does not answer'],
])('a chosen GPU that is not there (%s) is reported, and the others are read', async (missing, words) => {
  const { clock, consumer, receiver } = setUp(new FakeNvml(card('GPU-a'), card('GPU-b')), { devices: [missing, 1] });
  await receiver.start(consumer);
  await clock.advanceMs(250);
  await receiver.stop();
  expect(new Set(consumer.samples.map(({ source }) => source.id))).toEqual(new Set(['GPU-b']));
  expect(consumer.reports[0]).toMatchObject({ outcome: 'partial' });
  expect(consumer.reports[0]?.error?.message).toContain(words);
});

test('nvidia-smi gives the chosen GPUs alone, too', async () => {
  const nvml = new FakeNvml();
  nvml.codes.set('nvmlInit_v2', 12);
  const row = (uuid: string) =>
    `${uuid}, NVIDIA Test Card, 580.10, 37, 24576, 4096, 68.25, 450.00, 55, [N/A], 1740, 1740, 9501, 4, 16\n`;
  const rows = async () => ({ text: row('GPU-a') + row('GPU-b'), exitCode: 0 });
  const { clock, consumer, receiver } = setUp(nvml, { devices: [1] }, rows);
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  expect(consumer.samples.map(({ source }) => source.id)).toEqual(['GPU-b']);
});
