import type { Receiver } from '@benchlab-otel/sdk';
import { expect, test } from 'vitest';
import { type ReceiverOptions, receivers } from './receivers.ts';
import { Collected } from './testing/collect.ts';

/** Options under which a receiver finds no device, whatever this machine has. */
const withoutDevice: ReceiverOptions = {
  agent: { path: '/there/is/no/such/agent.sock' },
  benchlab: { ports: ['/dev/there-is-no-such-port'] },
  host: { root: '/there/is/no/such/folder' },
  nvml: { library: '/there/is/no/such/library.so', smi: '/there/is/no/such/program' },
};
const suite = (Object.keys(receivers) as (keyof ReceiverOptions)[]).map((name) => ({ name, make: () => made(name) }));

function made<Name extends keyof ReceiverOptions>(name: Name): Receiver {
  return receivers[name](withoutDevice[name]);
}

function until(isDone: () => boolean): Promise<void> {
  return expect.poll(isDone, { timeout: 5000, interval: 5 }).toBe(true);
}

/** Timers and handles that keep a process alive. */
function handles(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => kind !== 'CloseReq');
}

test.each(suite)('$name goes by its registered name', ({ name, make }) => {
  expect(make().name).toBe(name);
});

test.each(suite)('$name starts without a device, reports how its polls go, and makes up nothing', async ({ make }) => {
  const [receiver, consumer] = [make(), new Collected()];
  await receiver.start(consumer);
  await until(() => consumer.reports.length > 0);
  await receiver.stop();
  expect(consumer.reports[0]).toMatchObject({ receiver: receiver.name });
  expect(['failure', 'no_data']).toContain(consumer.reports[0]?.outcome);
  expect(consumer.samples).toEqual([]);
});

test.each(suite)('$name stops unstarted, twice, at once after start, and while start is pending', async ({ make }) => {
  const receiver = make();
  await receiver.stop();
  await receiver.start(new Collected());
  await Promise.all([receiver.stop(), receiver.stop()]);
  const starting = receiver.start(new Collected());
  await receiver.stop();
  await starting;
  await receiver.stop();
});

test.each(suite)('$name is silent once stopped and leaves nothing behind', async ({ make }) => {
  const before = handles().length;
  const [receiver, consumer] = [make(), new Collected()];
  await receiver.start(consumer);
  await until(() => consumer.reports.length > 0);
  await receiver.stop();
  const heard = consumer.reports.length;
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(consumer.reports).toHaveLength(heard);
  expect(handles().length).toBeLessThanOrEqual(before);
});

test.each(suite)('$name can be started again after a stop, with another consumer', async ({ make }) => {
  const [receiver, first, second] = [make(), new Collected(), new Collected()];
  await receiver.start(first);
  await until(() => first.reports.length > 0);
  await receiver.stop();
  const heard = first.reports.length;
  await receiver.start(second);
  await until(() => second.reports.length > 0);
  await receiver.stop();
  expect(first.reports).toHaveLength(heard);
});

test.each(suite)('$name refuses to be started twice', async ({ make }) => {
  const receiver = make();
  await receiver.start(new Collected());
  await expect(receiver.start(new Collected())).rejects.toThrow('already started');
  await receiver.stop();
});
