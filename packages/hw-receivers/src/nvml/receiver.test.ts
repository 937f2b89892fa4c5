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
