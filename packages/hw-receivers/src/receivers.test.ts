import { metric, SampleMetrics, systemClock } from '@benchlab-otel/core';
import { CollectedSamples, ManualClock } from '@benchlab-otel/core/testing';
import { expect, onTestFinished, test } from 'vitest';
import * as receivers from './receivers.ts';
import { agentRig } from './testing/agentRig.suite.ts';
import { type ConnectedRig, type ReceiverRig, until } from './testing/rig.suite.ts';

// A receiver whose folder lacks `rig.suite.ts` fails here.
const ofTable = await Promise.all(
  Object.keys(receivers).map(async (name) => {
    const { rig } = (await import(`./${name}/rig.suite.ts`)) as { rig: ReceiverRig };
    return { name, rig };
  }),
);
const suite = [...ofTable, { name: 'agent', rig: agentRig }];

/** Timers and handles that keep a process alive. */
function handles(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => kind !== 'CloseReq');
}

/** Everything that a consumer received so far. */
function received({ samples, losses, reports, events }: CollectedSamples): number {
  return samples.length + losses.length + reports.length + events.length;
}

/** A receiver without a device, on a clock that stands still until the test moves it. */
function absent({ withoutDevice }: ReceiverRig) {
  const clock = new ManualClock();
  return { clock, receiver: withoutDevice(clock), consumer: new CollectedSamples() };
}

/** Starts the receiver and waits until its first poll is reported. The first poll is due at once. */
async function firstReport({ clock, receiver, consumer }: ReturnType<typeof absent>): Promise<void> {
  await receiver.start(consumer);
  await clock.advanceMs(0);
  await until(() => consumer.reports.length > 0);
}

test.each(Object.entries(receivers))('%s is named, described and rated as the table needs it', (key, kind) => {
  expect(kind.name).toBe(key);
  expect(kind.create().name).toBe(key);
  expect(kind.summary).toMatch(/^\S.{20,}[^.]$/);
  expect(kind.rate.least).toBeLessThanOrEqual(kind.rate.default);
  expect(kind.rate.default).toBeLessThanOrEqual(kind.rate.most);
  expect(kind.rate.least).toBeGreaterThan(0);
});

test.each(Object.values(receivers))('$name takes every rate of its range and refuses what lies outside', (kind) => {
  const { least, most } = kind.rate;
  for (const rateHz of [least, most]) expect(kind.create({ rateHz } as object).name).toBe(kind.name);
  for (const rateHz of [least / 2, most + 1, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, '20', null]) {
    const allowed = `a number from ${least} to ${most}`;
    expect(() => kind.create({ rateHz } as object)).toThrow(
      expect.objectContaining({ name: 'OptionError', option: 'rateHz', allowed }),
    );
  }
});

test.each(suite)('$name starts without a device, reports how its polls go, and makes up nothing', async ({ rig }) => {
  const setup = absent(rig);
  await firstReport(setup);
  await setup.receiver.stop();
  expect(setup.consumer.reports[0]).toMatchObject({ receiver: setup.receiver.name });
  expect(['failure', 'no_data']).toContain(setup.consumer.reports[0]?.outcome);
  expect(setup.consumer.samples).toEqual([]);
});

test.each(suite)('$name stops unstarted, twice, at once after start, and while start is pending', async ({ rig }) => {
  const { receiver, clock } = absent(rig);
  await receiver.stop();
  await receiver.start(new CollectedSamples());
  await Promise.all([receiver.stop(), receiver.stop()]);
  const starting = receiver.start(new CollectedSamples());
  await receiver.stop();
  await starting;
  await receiver.stop();
  expect(clock.pending).toBe(0);
});

test.each(suite)('$name is silent once stopped and leaves no timer and no handle behind', async ({ rig }) => {
  const before = handles().length;
  const setup = absent(rig);
  await firstReport(setup);
  await setup.receiver.stop();
  const count = received(setup.consumer);
  expect(setup.clock.pending).toBe(0);
  expect(handles().length).toBeLessThanOrEqual(before);
  await setup.clock.advanceMs(3_600_000);
  expect(received(setup.consumer)).toBe(count);
});

test.each(suite)('$name can be started again after a stop, with another consumer', async ({ rig }) => {
  const setup = absent(rig);
  await firstReport(setup);
  await setup.receiver.stop();
  const count = received(setup.consumer);
  const second = { ...setup, consumer: new CollectedSamples() };
  await firstReport(second);
  await setup.receiver.stop();
  expect(received(setup.consumer)).toBe(count);
});

test.each(suite)('$name refuses to be started twice', async ({ rig }) => {
  const { receiver } = absent(rig);
  await receiver.start(new CollectedSamples());
  await expect(receiver.start(new CollectedSamples())).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
  await receiver.stop();
});

/** A receiver that reads its device: it has delivered three samples. */
async function running({ connect }: ReceiverRig): Promise<{ rig: ConnectedRig; consumer: CollectedSamples }> {
  const rig = await connect();
  onTestFinished(async () => {
    await rig.receiver.stop();
    await rig.close();
  });
  const consumer = new CollectedSamples();
  await rig.receiver.start(consumer);
  await until(() => samplesOf(rig, consumer).length > 2);
  return { rig, consumer };
}

const samplesOf = ({ device }: ConnectedRig, { samples }: CollectedSamples) =>
  samples.filter(({ source }) => device.test(source.id));
const lossesOf = ({ device }: ConnectedRig, { losses }: CollectedSamples) =>
  losses.filter(({ source }) => device.test(source.id));

test.each(suite)(
  '$name reports once that its device is lost, makes up nothing meanwhile, and reads it again',
  async ({ rig: given }) => {
    const { rig, consumer } = await running(given);
    await rig.lose();
    await until(() => lossesOf(rig, consumer).length > 0);
    const [loss] = lossesOf(rig, consumer);
    const before = samplesOf(rig, consumer).length;
    expect(loss?.error.message).toMatch(/\.$/);
    expect(loss?.timeNs).toBeGreaterThanOrEqual(samplesOf(rig, consumer).at(-1)?.timeNs ?? Number.NaN);
    const reports = consumer.reports.length;
    await until(() => consumer.reports.length > reports);
    expect([lossesOf(rig, consumer).length, samplesOf(rig, consumer).length]).toEqual([1, before]);

    await rig.restore();
    await until(() => samplesOf(rig, consumer).length > before + 2);
    expect(lossesOf(rig, consumer)).toHaveLength(1);
    const times = samplesOf(rig, consumer).map(({ timeNs }) => timeNs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  },
);

test.each(suite)(
  '$name stops in time while its device is slow, is silent then, and can be started again',
  async ({ rig: given }) => {
    const { rig, consumer } = await running(given);
    await rig.slowDown();
    const before = performance.now();
    await rig.receiver.stop();
    expect(performance.now() - before).toBeLessThan(8000);
    const count = received(consumer);

    await rig.restore();
    const again = new CollectedSamples();
    await rig.receiver.start(again);
    await until(() => samplesOf(rig, again).length > 2);
    expect(received(consumer)).toBe(count);
  },
);

test.each(suite)('$name never delivers a sample twice or out of order around a slow poll', async ({ rig: given }) => {
  const { rig, consumer } = await running(given);
  await rig.slowDown();
  await rig.receiver.stop();
  await rig.restore();
  await rig.receiver.start(consumer);
  const before = samplesOf(rig, consumer).length;
  await until(() => samplesOf(rig, consumer).length > before + 2);
  const bySource = new Map<string, number[]>();
  for (const { source, timeNs } of consumer.samples) {
    bySource.set(source.id, [...(bySource.get(source.id) ?? []), timeNs]);
  }
  for (const times of bySource.values()) expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
});

test.each(suite)('$name leaves no handle behind after a loss and a stop', async ({ rig: { connect } }) => {
  const before = handles().length;
  const rig = await connect();
  const consumer = new CollectedSamples();
  await rig.receiver.start(consumer);
  await until(() => samplesOf(rig, consumer).length > 0);
  await rig.lose();
  await until(() => lossesOf(rig, consumer).length > 0);
  await rig.receiver.stop();
  await rig.close();
  await until(() => handles().length <= before);
});

test.each(suite)(
  '$name shows its polls, its trouble by kind, their duration and the age of its samples',
  async ({ rig: { connect } }) => {
    const rig = await connect();
    onTestFinished(async () => {
      await rig.receiver.stop();
      await rig.close();
    });
    const [metrics, consumer] = [new SampleMetrics(), new CollectedSamples()];
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
