import { mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Receiver, type SampleConsumer, systemClock } from '@benchlab-otel/core';
import { CollectedSamples } from '@benchlab-otel/core/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentReceiver } from './agentReceiver.ts';
import { board, lost, sampleOf, sensor } from './busLines.suite.ts';
import { SampleBus } from './sampleBus.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-bus-'));
afterAll(() => rmSync(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
let path: string;
let sockets = 0;
beforeEach(() => {
  path = join(folder, `${++sockets}.sock`);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const until = (isDone: () => boolean) => expect.poll(isDone, { timeout: 8000, interval: 5 }).toBe(true);
// A whole number: the times in between are exact.
const nowNs = Math.round(systemClock.nowNs());
const reading = { sensor: sensor('EPS1'), value: 12.5 };

async function started(options: { maxReaders?: number } = {}): Promise<SampleBus> {
  const bus = new SampleBus({ path, ...options });
  await bus.start();
  closing.push(() => bus.stop());
  return bus;
}

/** A receiver that reads the bus, once it is connected. */
async function listening(consumer: SampleConsumer & { reports: readonly unknown[] }): Promise<Receiver> {
  const receiver = agentReceiver({ path });
  closing.push(() => receiver.stop());
  await receiver.start(consumer);
  await until(() => consumer.reports.length > 0);
  return receiver;
}

/** A connection that reads nothing until it is resumed. */
function connectedSilently(): Socket {
  const socket = connect(path);
  socket.pause();
  socket.on('error', () => undefined);
  closing.push(() => socket.destroy());
  return socket;
}

function counted(bus: SampleBus, name: string): number {
  return bus.counts().reduce((sum, { definition, value }) => sum + (definition.name === name ? value : 0), 0);
}

describe('the socket of a bus', () => {
  it('is open only to its owner and group, and removed at the stop', async () => {
    const bus = await started();
    expect(statSync(path).mode & 0o7777).toBe(0o660);
    await bus.stop();
    await bus.stop();
    expect(readdirSync(folder)).not.toContain(path.slice(folder.length + 1));
  });

  it('has its permissions with any umask, and leaves the umask unchanged', async () => {
    const before = process.umask(0);
    try {
      await started();
      expect(process.umask()).toBe(0);
    } finally {
      process.umask(before);
    }
    expect(statSync(path).mode & 0o7777).toBe(0o660);
  });

  it('replaces the file of an agent that died', async () => {
    await leaveBehind(path);
    await started();
    const got = new CollectedSamples();
    await listening(got);
    expect(got.reports[0]?.outcome).toBe('success');
    expect(readdirSync(folder).filter((name) => path.endsWith(name) || name.includes(`${process.pid}`))).toHaveLength(
      1,
    );
  });

  it('is refused, by its name, where another agent serves it, which is not disturbed', async () => {
    const first = await started();
    await expect(new SampleBus({ path }).start()).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(path),
    });
    const got = new CollectedSamples();
    await listening(got);
    first.sample(sampleOf(board, nowNs + 1, [reading]));
    await until(() => got.samples.length === 1);
  });

  it.each([
    ['a file', (at: string) => writeFileSync(at, 'precious')],
    ['a link to nowhere', (at: string) => symlinkSync('/there/is/nothing', at)],
  ])('never takes the place of %s', async (_, make) => {
    make(path);
    await expect(new SampleBus({ path }).start()).rejects.toMatchObject({ code: 'BAD_OPTION' });
    expect(readdirSync(folder)).toContain(path.slice(folder.length + 1));
  });

  it('gets its folder made, but no more than that', async () => {
    path = join(folder, 'made', 'agent.sock');
    await started();
    const missing = join(folder, 'not', 'there', 'agent.sock');
    await expect(new SampleBus({ path: missing }).start()).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringContaining('--socket'),
    });
  });

  it.each(['', 'x'.repeat(108), 'a\0b'])('is refused at %j', (wrong) => {
    expect(() => new SampleBus({ path: wrong })).toThrow('the path of a Unix socket');
    expect(() => agentReceiver({ path: wrong })).toThrow('the path of a Unix socket');
  });
});

describe('the sample bus', () => {
  it('brings samples, losses and poll reports to every reader, and the sources first to a late one', async () => {
    const bus = await started();
    const [first, second] = [new CollectedSamples(), new CollectedSamples()];
    await listening(first);
    bus.sample(sampleOf(board, nowNs + 1, [reading]));
    await until(() => first.samples.length === 1);
    await listening(second);
    bus.sample(sampleOf(board, nowNs + 2, [reading]));
    bus.polled({ receiver: 'benchlab', outcome: 'failure', durationNs: 5, missed: 2, error: lost });
    bus.lost({ source: board, timeNs: nowNs + 3, error: lost });
    await until(() => first.losses.length === 1 && second.losses.length === 1);

    expect(first.samples.map(({ timeNs }) => timeNs)).toEqual([nowNs + 1, nowNs + 2]);
    expect(second.samples.map(({ timeNs }) => timeNs)).toEqual([nowNs + 2]);
    expect(second.samples[0]).toMatchObject({ source: board, totals: { system: 100.25 }, readings: [reading, {}, {}] });
    expect(second.reports.at(-1)).toMatchObject({ receiver: 'benchlab', outcome: 'failure', missed: 2 });
    expect(second.losses[0]).toMatchObject({ source: board, timeNs: nowNs + 3, error: { message: lost.message } });
  });

  it('ends with its sources lost; when it is back they are new sources', async () => {
    const bus = await started();
    const got = new CollectedSamples();
    await listening(got);
    bus.sample(sampleOf(board, nowNs + 1, [reading]));
    await until(() => got.samples.length === 1);
    await bus.stop();
    await until(() => got.losses.length === 1);
    await bus.start();
    await until(() => got.reports.at(-1)?.outcome === 'success' && got.reports.length > 1);
    bus.sample(sampleOf(board, nowNs + 2, [reading]));
    await until(() => got.samples.length === 2);

    const [before, after] = got.samples;
    expect(got.losses[0]).toMatchObject({ source: before?.source, error: { code: 'DEVICE_LOST' } });
    expect(got.losses[0]?.error.message).toContain(path);
    expect(after?.source).toEqual(before?.source);
    expect(after?.source).not.toBe(before?.source);
    expect(after?.readings[0]?.sensor).not.toBe(before?.readings[0]?.sensor);
  });

  it('drops the oldest samples for a reader that does not read, counts them, and slows no other', async () => {
    const bus = await started();
    const [slow, got] = [connectedSilently(), new CollectedSamples()];
    const receiver = await listening(got);
    await until(() => bus.readers === 2);
    const readings = Array.from({ length: 100 }, (_, k) => ({ sensor: sensor(`R${k}`), value: k + 1 / 3 }));
    const rounds = 1500;
    for (let k = 0; k < rounds; k++) {
      bus.sample(sampleOf(board, nowNs + k, readings));
      // Real samples come one at a time, and the fast reader takes each before the next.
      await new Promise((resolve) => setImmediate(resolve));
      if (k % 50 === 0) await until(() => got.samples.length >= k);
    }
    await until(() => got.samples.length === rounds);
    const dropped = counted(bus, 'benchlab.bus.dropped');
    expect(dropped).toBeGreaterThan(500);
    expect(bus.readers).toBe(2);

    let text = '';
    slow.on('data', (bytes) => {
      text += bytes;
    });
    slow.resume();
    await until(() => text.includes(`"timeNs":${nowNs + rounds - 1},`));
    const lines = text
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each));
    const times = lines.filter(({ kind }) => kind === 'sample').map(({ timeNs }) => timeNs);
    expect(lines.filter(({ kind }) => kind === 'dropped').reduce((sum, { count }) => sum + count, 0)).toBe(dropped);
    expect(times).toEqual(times.toSorted((a: number, b: number) => a - b));
    expect(times).toHaveLength(rounds - dropped);
    expect(lines.filter(({ kind }) => kind === 'sensor')).toHaveLength(100);
    await receiver.stop();
  });

  it('disconnects a reader that does not read even what it needs', async () => {
    const bus = await started();
    connectedSilently();
    await until(() => bus.readers === 1);
    const loss = { timeNs: nowNs + 1, error: lost };
    for (let k = 0; k < 5000 && bus.readers === 1; k++) {
      const source = { ...board, name: 'x'.repeat(500) };
      bus.sample(sampleOf(source, nowNs + k, [reading]));
      bus.lost({ source, ...loss });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(bus.readers).toBe(0);
    expect(counted(bus, 'benchlab.bus.refused')).toBe(1);
    expect(counted(bus, 'benchlab.bus.readers')).toBe(0);
  });

  it('disconnects a reader that writes to it, and continues for the others', async () => {
    const bus = await started();
    const got = new CollectedSamples();
    await listening(got);
    for (let k = 0; k < 50; k++) {
      const socket = connect(path);
      socket.on('error', () => undefined);
      socket.write(Buffer.alloc(1 + k * 500, k));
      await new Promise((resolve) => socket.once('close', resolve).resume());
    }
    await until(() => bus.readers === 1);
    bus.sample(sampleOf(board, nowNs + 1, [reading]));
    await until(() => got.samples.length === 1);
    expect(counted(bus, 'benchlab.bus.refused')).toBe(50);
  });

  it('refuses readers beyond its bound, and takes them when there is room', async () => {
    const bus = await started({ maxReaders: 1 });
    const [first, second] = [new CollectedSamples(), new CollectedSamples()];
    const holder = await listening(first);
    await listening(second);
    expect(second.reports[0]).toMatchObject({ outcome: 'failure', error: { code: 'BUS_FULL' } });
    expect(second.reports[0]?.error?.message).toContain('has 1 readers already');
    expect(counted(bus, 'benchlab.bus.refused')).toBeGreaterThan(0);
    await holder.stop();
    await until(() => second.reports.at(-1)?.outcome === 'success');
    expect(bus.readers).toBe(1);
    expect(counted(bus, 'benchlab.bus.readers')).toBe(1);
    expect(counted(bus, 'benchlab.bus.sent')).toBeGreaterThan(100);
  });

  it('stops at once although a reader does not read', async () => {
    const bus = await started();
    connectedSilently();
    await until(() => bus.readers === 1);
    for (let k = 0; k < 2000; k++) bus.sample(sampleOf({ ...board, name: 'x'.repeat(400) }, nowNs + k, [reading]));
    const startMs = performance.now();
    await bus.stop();
    expect(performance.now() - startMs).toBeLessThan(3000);
  });

  it.each([0, 1.5, 2000])('is refused with room for %d readers', (maxReaders) => {
    expect(() => new SampleBus({ path, maxReaders })).toThrow('maxReaders is');
  });

  it('refuses to be started twice', async () => {
    const bus = await started();
    await expect(bus.start()).rejects.toThrow('already started');
  });
});

describe('another program at the socket of an agent', () => {
  it.each([
    ['writes something else', 'HTTP/1.1 400 Bad Request\r\n', 'BAD_REPLY'],
    ['never ends its line', 'x'.repeat(100_000), 'BAD_REPLY'],
    [
      'has the clock of another host',
      `${JSON.stringify({ bus: 'benchlab-otel/sample-bus', version: 1, pid: 1, boot: 'b', clock: '', timeNs: 1 })}\n`,
      'UNSUPPORTED',
    ],
    ['hangs up', undefined, 'DEVICE_LOST'],
  ])('is reported when it %s, and gives no sample', async (_, sent, code) => {
    await impostor((socket) => (sent === undefined ? socket.end() : socket.write(sent)));
    const got = new CollectedSamples();
    await listening(got);
    expect(got.reports[0]).toMatchObject({ receiver: 'agent', outcome: 'failure', error: { code } });
    expect(got.samples).toEqual([]);
  });

  it('is given up when it writes nothing', async () => {
    await impostor(() => undefined);
    const got = new CollectedSamples();
    await listening(got);
    expect(got.reports[0]).toMatchObject({ outcome: 'failure', error: { code: 'TIMEOUT' } });
  });
});

async function impostor(greet: (socket: Socket) => unknown): Promise<void> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    closing.push(() => socket.destroy());
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
}

/** A socket file without a process: what is left of an agent that was killed. */
async function leaveBehind(at: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${at}.other`, resolve));
  renameSync(`${at}.other`, at);
  await new Promise((resolve) => server.close(resolve));
}
