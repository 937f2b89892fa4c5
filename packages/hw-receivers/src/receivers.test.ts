import { metric, type Receiver, SampleMetrics, systemClock } from '@benchlab-otel/core';
import { expect, onTestFinished, test } from 'vitest';
import { type ReceiverOptions, receivers } from './receivers.ts';
import { Collected } from './testing/collect.ts';
import { type Rig, rigs } from './testing/rigs.ts';

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

const rigged = (Object.keys(rigs) as (keyof ReceiverOptions)[]).map((name) => ({ name, make: rigs[name] }));

/** A rig whose receiver runs, once its device has told something. */
async function running(make: () => Promise<Rig>): Promise<{ rig: Rig; consumer: Collected }> {
  const rig = await make();
  onTestFinished(async () => {
    await rig.receiver.stop();
    await rig.close();
  });
  const consumer = new Collected();
  await rig.receiver.start(consumer);
  await until(() => samplesOf(rig, consumer).length > 2);
  return { rig, consumer };
}

const samplesOf = ({ device }: Rig, { samples }: Collected) => samples.filter(({ source }) => device.test(source.id));
const lossesOf = ({ device }: Rig, { losses }: Collected) => losses.filter(({ source }) => device.test(source.id));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test.each(rigged)(
  '$name tells once that its device is lost, makes up nothing meanwhile, and has it again',
  async ({ make }) => {
    const { rig, consumer } = await running(make);
    await rig.lose();
    await until(() => lossesOf(rig, consumer).length > 0);
    const [loss] = lossesOf(rig, consumer);
    const before = samplesOf(rig, consumer).length;
    expect(loss?.error.message).toMatch(/\.$/);
    expect(loss?.timeNs).toBeGreaterThanOrEqual(samplesOf(rig, consumer).at(-1)?.timeNs ?? Number.NaN);
    await pause(700);
    expect([lossesOf(rig, consumer).length, samplesOf(rig, consumer).length]).toEqual([1, before]);

    await rig.restore();
    await until(() => samplesOf(rig, consumer).length > before + 2);
    expect(lossesOf(rig, consumer)).toHaveLength(1);
    const times = samplesOf(rig, consumer).map(({ timeNs }) => timeNs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  },
);

test.each(rigged)(
  '$name stops in time while its device is slow, says nothing then, and can be started again',
  async ({ make }) => {
    const { rig, consumer } = await running(make);
    rig.slowDown();
    await pause(300);
    const before = performance.now();
    await rig.receiver.stop();
    expect(performance.now() - before).toBeLessThan(2500);
    const heard = consumer.samples.length + consumer.reports.length + consumer.losses.length;
    await pause(900);
    expect(consumer.samples.length + consumer.reports.length + consumer.losses.length).toBe(heard);

    await rig.restore();
    const again = new Collected();
    await rig.receiver.start(again);
    await until(() => samplesOf(rig, again).length > 2);
  },
);

test.each(rigged)('$name never hands out a sample twice or out of order under a slow device', async ({ make }) => {
  const { rig, consumer } = await running(make);
  rig.slowDown();
  await pause(1200);
  const bySource = new Map<string, number[]>();
  for (const { source, timeNs } of consumer.samples) {
    bySource.set(source.id, [...(bySource.get(source.id) ?? []), timeNs]);
  }
  for (const times of bySource.values()) expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
});

test.each(rigged)('$name leaves no handle behind after a loss and a stop', async ({ make }) => {
  const before = handles().length;
  const rig = await make();
  const consumer = new Collected();
  await rig.receiver.start(consumer);
  await until(() => samplesOf(rig, consumer).length > 0);
  await rig.lose();
  await until(() => lossesOf(rig, consumer).length > 0);
  await rig.receiver.stop();
  await rig.close();
  await expect.poll(() => handles().length, { timeout: 3000 }).toBeLessThanOrEqual(before);
});

test.each(rigged)(
  '$name shows its polls, its trouble by kind, their duration and the age of its samples',
  async ({ make }) => {
    const rig = await make();
    onTestFinished(async () => {
      await rig.receiver.stop();
      await rig.close();
    });
    const [metrics, consumer] = [new SampleMetrics(), new Collected()];
    await rig.receiver.start({
      sample: (sample) => {
        metrics.sample(sample);
        consumer.sample(sample);
      },
      lost: (loss) => {
        metrics.lost(loss);
        consumer.lost(loss);
      },
      polled: (report) => {
        metrics.polled(report);
        consumer.polled(report);
      },
    });
    await until(() => samplesOf(rig, consumer).length > 2 && consumer.reports.length > 2);
    const names = () => metrics.collect(systemClock.nowNs()).map(({ definition }) => definition.name);
    expect(names()).toEqual(
      expect.arrayContaining([
        'benchlab.receiver.polls',
        'benchlab.receiver.missed_polls',
        'benchlab.receiver.poll.duration',
        'benchlab.sample.age',
        'benchlab.sample.gap',
        'hw.status',
      ]),
    );
    await rig.lose();
    await until(() => lossesOf(rig, consumer).length > 0);
    const failed = metrics
      .collect(systemClock.nowNs())
      .find(({ definition }) => definition === metric.hwStatus)
      ?.points.filter(({ attributes, value }) => attributes['hw.state'] === 'failed' && value === 1)
      .map(({ attributes }) => String(attributes['hw.id']));
    expect(failed?.some((id) => rig.device.test(id))).toBe(true);
  },
);
