// The sample bus of an agent under attack, from both ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metric, type Sample, type Source, systemClock } from '@benchlab-otel/core';
import { CollectedSamples } from '@benchlab-otel/core/testing';
import { agentReceiver, SampleBus } from '@benchlab-otel/wire';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { clockIdentity } from '../../packages/wire/src/bus/clockIdentity.ts';
import { BusDecoder } from '../../packages/wire/src/bus/decoder.ts';
import { BusEncoder } from '../../packages/wire/src/bus/encoder.ts';
import { untilClosed } from './attackers.ts';

afterEach(() => void vi.useRealTimers());

const board: Source = { id: 'B', name: 'rig', simulated: true, boundary: 'dc_rails', attributes: {} };
const sampleAt = (timeNs: number, watts: number, source: Source = board): Sample => ({
  source,
  timeNs,
  uncertaintyNs: 1000,
  readings: [{ sensor: { metric: metric.hwPower, attributes: { 'hw.id': 'B/EPS1' } }, value: watts }],
});

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-bus-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'agent.sock');
}

async function started(maxReaders: number): Promise<SampleBus> {
  const bus = new SampleBus({ path: socketPath(), maxReaders });
  await bus.start();
  onTestFinished(() => bus.stop());
  return bus;
}

function counted(bus: SampleBus, reason: string): number {
  const counts = bus.counts().filter(({ definition }) => definition.name === 'benchlab.bus.refused');
  return counts.find(({ attributes }) => attributes?.['error.type'] === reason)?.value ?? Number.NaN;
}

describe('a full bus', () => {
  it('states it to the reader that it turns away, counts it, and takes it when there is room', async () => {
    const bus = await started(1);
    const holder = connect(bus.path);
    holder.resume();
    await expect.poll(() => bus.readers, { timeout: 10_000 }).toBe(1);
    const got = new CollectedSamples();
    const receiver = agentReceiver({ path: bus.path });
    onTestFinished(() => receiver.stop());

    await receiver.start(got);
    await expect.poll(() => got.reports.length, { timeout: 10_000 }).toBeGreaterThan(0);

    expect(got.reports[0]).toMatchObject({ outcome: 'failure', error: { code: 'BUS_FULL' } });
    // A slow machine leaves time for further attempts.
    expect(counted(bus, 'too_many')).toBeGreaterThanOrEqual(1);
    holder.destroy();
    await expect.poll(() => got.reports.at(-1)?.outcome, { timeout: 10_000 }).toBe('success');
  });

  it('ends the connection of the reader that it turns away', async () => {
    const bus = await started(1);
    const holder = connect(bus.path);
    onTestFinished(() => void holder.destroy());
    await expect.poll(() => bus.readers, { timeout: 10_000 }).toBe(1);

    const line = await untilClosed(connect(bus.path));

    expect(JSON.parse(line)).toMatchObject({ bus: 'benchlab-otel/sample-bus', full: 1 });
  });
});

it('a reader that takes nothing for half a minute loses its place', async () => {
  const bus = await started(1);
  const stalled = connect(bus.path);
  stalled.pause();
  onTestFinished(() => void stalled.destroy());
  await expect.poll(() => bus.readers, { timeout: 10_000 }).toBe(1);
  vi.useFakeTimers({ toFake: ['performance'] });
  const report = { receiver: 'x'.repeat(4_000), outcome: 'success', durationNs: 1, missed: 0 } as const;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const dropped = () => bus.counts().find(({ definition }) => definition.name === 'benchlab.bus.dropped')?.value ?? 0;
  // More than the kernel takes for a reader that does not read, however much that is.
  for (let k = 0; k < 10_000 && dropped() === 0; k++) {
    bus.polled(report);
    await turn();
  }
  expect(dropped()).toBeGreaterThan(0);
  expect(bus.readers).toBe(1);

  vi.advanceTimersByTime(31_000);
  bus.polled(report);
  await turn();

  expect(bus.readers).toBe(0);
  expect(counted(bus, 'too_slow')).toBe(1);
});

describe('another program at the socket of an agent', () => {
  /** Serves these samples as an agent does. */
  async function impostor(samples: (nowNs: number) => readonly Sample[]): Promise<string> {
    const path = socketPath();
    const server = createServer((socket) => {
      const encoder = new BusEncoder();
      const timeNs = systemClock.nowNs();
      const hello = { bus: 'benchlab-otel/sample-bus', version: 1, pid: 1, ...clockIdentity(), timeNs } as const;
      const lines = [encoder.hello(hello), ...samples(timeNs).flatMap((sample) => encoder.sample(sample))];
      socket.on('error', () => undefined);
      socket.write(Buffer.concat(lines.map(({ bytes }) => bytes)));
      onTestFinished(() => void socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => void server.close());
    return path;
  }

  it('brings no impossible sample in: they are refused, counted and reported, and the others are taken', async () => {
    const path = await impostor((nowNs) => [
      sampleAt(nowNs, 1),
      sampleAt(nowNs + 11e9, 2),
      sampleAt(nowNs - 11e9, 3),
      sampleAt(nowNs, 1e300),
      sampleAt(nowNs, -200_000),
      { ...sampleAt(nowNs, 6), totals: { system: 1e12 } },
      { ...sampleAt(nowNs, 7), uncertaintyNs: 1e12 },
      sampleAt(nowNs + 1e6, 8),
    ]);
    const got = new CollectedSamples();
    const receiver = agentReceiver({ path });
    onTestFinished(() => receiver.stop());

    await receiver.start(got);
    await expect.poll(() => got.reports.at(-1)?.outcome, { timeout: 10_000 }).toBe('partial');

    expect(got.samples.map(({ readings: [first] }) => first?.value)).toEqual([1, 8]);
    expect(got.reports.at(-1)?.error?.message).toContain('sent 6 samples or events with impossible times or powers');
  });
});

describe('announcements on the bus', () => {
  const decoder = () => {
    const identity = { boot: 'b', clock: 'c' };
    const all = new BusDecoder({ identity, nowNs: () => 0, consumer: new CollectedSamples(), hello: () => undefined });
    all.push(line({ bus: 'benchlab-otel/sample-bus', version: 1, pid: 1, ...identity, timeNs: 0 }));
    return all;
  };
  const line = (message: object) => Buffer.from(`${JSON.stringify(message)}\n`);
  const source = (number: number, id: string, attributes: object = {}) =>
    line({ kind: 'source', number, id, name: 'rig', simulated: false, attributes });
  const sensor = (number: number, of: number, text: string) =>
    line({ kind: 'sensor', number, source: of, metric: 'hw.power', unit: 'W', attributes: { text } });

  it('of more than 8 KiB end the connection of a reader', () => {
    const reader = decoder();
    reader.push(source(1, 'a', { text: 'x'.repeat(8_000) }));
    expect(() => reader.push(source(2, 'b', { text: 'x'.repeat(8_200) }))).toThrow(
      /announcement of more than 8192 bytes/,
    );
  });

  it('of more than 4 MiB together end it, too; those of lost sources do not count', () => {
    const reader = decoder();
    const error = { code: 'BOARD_LOST', what: 'It is gone.', fix: 'Plug it in.' };
    let number = 0;
    const fill = (id: string) => {
      const own = ++number;
      reader.push(source(own, id));
      for (let k = 0; k < 500; k++) reader.push(sensor(++number, own, 'x'.repeat(8_000)));
      return own;
    };
    for (let turn = 0; turn < 3; turn++) {
      reader.push(line({ kind: 'lost', source: fill('a'), timeNs: 0, error }));
      fill('b'); // announced again, and so replaced
      reader.push(line({ kind: 'lost', source: fill('b'), timeNs: 0, error }));
    }
    fill('c');
    expect(() => fill('d')).toThrow(/announcements of more than 4194304 bytes/);
  });

  it('that are too large are left out and counted by the writer, for which readers see the rest', () => {
    const encoder = new BusEncoder();
    const reading = (text: string) => ({ sensor: { metric: metric.hwPower, attributes: { text } }, value: 1 });
    const sample = { ...sampleAt(1, 1), readings: [reading('x'.repeat(9_000)), reading('short')] };

    expect(encoder.sample(sample).map(({ bytes }) => JSON.parse(String(bytes)).kind)).toEqual([
      'source',
      'sensor',
      'sample',
    ]);
    expect(encoder.leftOut).toBe(1);
    for (let k = 0; k < 4_000; k++) {
      encoder.sample({
        ...sampleAt(1, 1, { ...board, id: `${k % 60}` }),
        readings: [reading(`${k}${'x'.repeat(8_000)}`)],
      });
    }
    const announced = encoder.announcements().reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(announced).toBeLessThanOrEqual(4 * 2 ** 20);
  });
});
