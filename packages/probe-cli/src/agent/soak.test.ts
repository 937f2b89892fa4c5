// Thirty days of an agent in seconds: its own parts on a manual clock, with devices in memory, real readers of its bus, and a
// reload each day. What grows without a bound shows as a difference between the third day and the last.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  BenchlabError,
  createReceiver,
  metric,
  type SampleConsumer,
  SampleMetrics,
  type Source,
  startPolling,
} from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { SampleBus } from '@benchlab-otel/wire';
import { expect, it } from 'vitest';
import { AgentLog } from './agentLog.ts';
import type { ReadConfig } from './config/readConfig.ts';
import { ConfigReload } from './configReload.ts';
import type { PlannedReceiver } from './plannedReceivers.ts';
import { ReceiverSet } from './receiverSet.ts';

const days = 30;
const [pollMs, dayMs] = [60 * 60_000, 24 * 60 * 60_000];
/** Heap that a garbage collection may leave more of, by chance, MiB. A sample kept for each poll would be ten times as much. */
const heapNoiseMib = 6;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A board that is polled, is unplugged each 20th poll, and has another trouble each 12th. */
function board(name: string, clock: ManualClock): PlannedReceiver {
  let polls = 0;
  let source: Source | undefined;
  const sensors = Array.from({ length: 160 }, (_, index) => ({
    metric: metric.hwPower,
    attributes: { 'hw.id': name, 'hw.sensor_location': `R${index}` },
  }));
  const poll = (consumer: SampleConsumer) => {
    polls += 1;
    const timeNs = clock.nowNs();
    if (polls % 20 === 0 && source !== undefined) {
      consumer.lost({ source, timeNs, error: new BenchlabError('BOARD_LOST', 'It is gone.', 'Plug it in.') });
      source = undefined;
    }
    source ??= { id: name, name, simulated: true, attributes: {} };
    consumer.sample({
      source,
      timeNs,
      uncertaintyNs: 0,
      readings: sensors.map((sensor) => ({ sensor, value: polls })),
    });
    if (polls % 12 !== 0) return { outcome: 'success' as const };
    const error = new BenchlabError('NO_REPLY', `Request ${polls} had no answer.`, 'Check the cable.');
    return { outcome: 'partial' as const, error };
  };
  const create = () =>
    createReceiver(name, (consumer) => {
      let polling: ReturnType<typeof startPolling> | undefined;
      return {
        start() {
          const times = { intervalNs: pollMs * 1e6, timeoutNs: 1e9 };
          const report = (report: Parameters<typeof consumer.polled>[0]) => consumer.polled(report);
          polling = startPolling({ receiver: name, clock, ...times, poll: async () => poll(consumer), report });
        },
        stop: async () => polling?.stop(),
      };
    });
  return { key: name, name: 'benchlab', options: {}, create };
}

it('has flat memory, descriptors, series and log over 30 days of polls, losses, readers and reloads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-soak-'));
  const clock = new ManualClock();
  const [metrics, bus] = [new SampleMetrics({ clock }), new SampleBus({ path: join(folder, 'agent.sock') })];
  let lines = 0;
  const count = () => {
    lines += 1;
  };
  const log = new AgentLog({ info: count, warn: count }, () => clock.nowNs());
  const all = [metrics, bus, log] as const;
  const consumer: SampleConsumer = {
    sample: (sample) => all.forEach((each) => void each.sample(sample)),
    lost: (loss) => all.forEach((each) => void each.lost(loss)),
    polled: (report) => all.forEach((each) => void each.polled(report)),
  };
  const boards = ['a', 'b', 'c'].map((name) => board(name, clock));
  const receivers = new ReceiverSet(boards.slice(0, 2), clock);
  let day = 0;
  const config = () => ({ hash: `${day}`, notes: [], config: {} }) as unknown as ReadConfig;
  const plan = () => ({ receivers: boards.slice(0, 2 + (day % 2)), notes: [] });
  const reload = new ConfigReload(config(), {
    receivers,
    read: async () => config(),
    plan,
    record: async () => undefined,
  });
  const seen: { lines: number; series: number; descriptors: number; heapMib: number }[] = [];
  await bus.start();
  await receivers.start(consumer);
  try {
    for (day = 1; day <= days; day++) {
      const linesBefore = lines;
      const reader = connect(bus.path).resume();
      await new Promise((resolve) => reader.once('data', resolve));
      for (let ms = 0; ms < dayMs; ms += pollMs) await clock.advanceMs(pollMs);
      reader.destroy();
      expect(await reload.reload()).toMatchObject({ outcome: 'applied' });
      await new Promise((resolve) => setImmediate(resolve));
      // It takes long, and other days are not compared.
      if (day <= 4 || day >= days - 1) collectGarbage();
      seen.push({
        lines: lines - linesBefore,
        series: metrics.collect(clock.nowNs()).reduce((sum, { points }) => sum + points.length, 0),
        descriptors: readdirSync('/proc/self/fd').length,
        heapMib: process.memoryUsage().heapUsed / 2 ** 20,
      });
    }
  } finally {
    await receivers.stop();
    await bus.stop();
    rmSync(folder, { recursive: true });
  }

  // Days with two boards, and with three: each kind is compared with itself.
  for (const offset of [1, 2]) {
    const same = seen.filter((_, index) => index >= 2 && index % 2 === offset % 2);
    const [first, last] = [same[0], same.at(-1)];
    expect(last?.series).toBe(first?.series);
    expect(Math.max(...same.map((each) => each.lines))).toBeLessThan(60);
    expect(last?.descriptors).toBeLessThanOrEqual((first?.descriptors ?? 0) + 1);
    expect((last?.heapMib ?? Number.NaN) - (first?.heapMib ?? 0)).toBeLessThan(heapNoiseMib);
  }
}, 120_000);
