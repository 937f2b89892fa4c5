import { BenchlabError, type Receiver, type SampleConsumer, type Source } from '@benchlab-otel/core';
import { CollectedSamples, ManualClock } from '@benchlab-otel/core/testing';
import { expect, it } from 'vitest';
import type { PlannedReceiver } from './plannedReceivers.ts';
import { ReceiverSet } from './receiverSet.ts';

/** Receivers in memory, which deliver what the test asks for, and the order in which they were started and stopped. */
function bench() {
  const log: string[] = [];
  const consumers = new Map<string, SampleConsumer>();
  const broken = new Set<string>();
  const planned = (key: string, options: Record<string, unknown> = {}): PlannedReceiver => ({
    key,
    name: 'host',
    options,
    create: (): Receiver => ({
      name: 'host',
      async start(consumer) {
        if (broken.has(key)) throw new BenchlabError('UNSUPPORTED', `${key} cannot start.`, 'Repair it.');
        log.push(`start ${key}`);
        consumers.set(key, consumer);
      },
      async stop() {
        log.push(`stop ${key}`);
      },
      reload: () => log.push(`reload ${key}`),
    }),
  });
  return { log, consumers, broken, planned };
}

const source = (id: string): Source => ({ id, name: `Board ${id}`, simulated: false, attributes: {} });
const sampleOf = (from: Source) => ({ source: from, timeNs: 1e9, uncertaintyNs: 0, readings: [] });

it('leaves alone what did not change, and ends the series of what is gone', async () => {
  const { log, consumers, planned } = bench();
  const [clock, consumer] = [new ManualClock(), new CollectedSamples()];
  const set = new ReceiverSet([planned('a'), planned('b'), planned('c', { rateHz: 1 })], clock);
  await set.start(consumer);
  const boards = ['a', 'b', 'c'].map((key) => [key, source(key)] as const);
  for (const [key, board] of boards) consumers.get(key)?.sample(sampleOf(board));
  log.length = 0;

  const changes = await set.replace([planned('a'), planned('c', { rateHz: 2 }), planned('d')]);

  expect(changes).toEqual({ kept: ['a'], stopped: ['b', 'c'], started: ['c', 'd'], failed: [] });
  // The old reader of a port leaves it before the new one opens it.
  expect(log.slice(-2)).toEqual(['start c', 'start d']);
  expect(consumer.losses.map(({ source: lost, error }) => [lost.id, error.code])).toEqual([
    ['b', 'DEVICE_LOST'],
    ['c', 'DEVICE_LOST'],
  ]);
  expect(consumer.losses[0]?.error.message).toContain('The configuration of the agent has changed.');
});

it('reports a receiver that cannot start at a reload, and tries it again at the next', async () => {
  const { broken, planned } = bench();
  const set = new ReceiverSet([planned('a')], new ManualClock());
  await set.start(new CollectedSamples());
  broken.add('b');

  const first = await set.replace([planned('a'), planned('b')]);
  broken.clear();
  const second = await set.replace([planned('a'), planned('b')]);

  expect(first).toMatchObject({ kept: ['a'], failed: ['b: b cannot start. Repair it.'] });
  expect(second).toMatchObject({ kept: ['a'], started: ['b'], failed: [] });
});

it('does not start where one receiver cannot, once all have answered', async () => {
  const { broken, planned, log } = bench();
  broken.add('a');
  const set = new ReceiverSet([planned('a'), planned('b')], new ManualClock());

  await expect(set.start(new CollectedSamples())).rejects.toThrow('a cannot start.');
  await set.stop();

  expect(log).toEqual(['start b', 'stop b']);
});

it('states since when a receiver has brought nothing', async () => {
  const { consumers, planned } = bench();
  const clock = new ManualClock();
  const set = new ReceiverSet([planned('a')], clock);
  await set.start(new CollectedSamples());
  const startNs = clock.nowNs();
  await clock.advanceMs(5_000);

  expect(set.movedNs.get('a')).toBe(startNs);
  consumers.get('a')?.polled?.({ receiver: 'host', outcome: 'success', durationNs: 1, missed: 0 });
  expect(set.movedNs.get('a')).toBe(clock.nowNs());
});
