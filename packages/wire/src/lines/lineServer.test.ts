import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { LineServer, type LineServerOptions } from './lineServer.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let paths = 0;
const newPath = () => join(folder, `${++paths}.sock`);

async function started(to: string, options?: LineServerOptions): Promise<LineServer> {
  const server = new LineServer(to, options);
  closing.push(() => server.stop());
  await server.start();
  return server;
}

/** A program that reads. `paused` connects and takes nothing. */
async function reader(server: LineServer, { paused = false } = {}) {
  const [, host, port] = /^tcp:(.*):(\d+)$/.exec(server.address) ?? [];
  const socket: Socket = host === undefined ? connect(server.address.slice(5)) : connect(Number(port), host);
  closing.push(() => socket.destroy());
  let text = '';
  let count = 0;
  const looks = new Set<() => void>();
  const look = () => {
    for (const each of looks) each();
  };
  if (paused) socket.pause();
  socket.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    count += more.split('\n').length - 1;
    look();
  });
  const ended = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  const before = server.readers;
  await new Promise((resolve) => socket.once('connect', resolve));
  await until(() => server.readers > before);
  return {
    socket,
    ended,
    lines: () => text.split('\n').slice(0, -1),
    count: () => count,
    has(wanted: number): Promise<void> {
      return new Promise((resolve) => {
        const check = () => {
          if (count < wanted) return;
          looks.delete(check);
          resolve();
        };
        looks.add(check);
        check();
      });
    },
    async got(wanted: number): Promise<readonly string[]> {
      await this.has(wanted);
      return this.lines();
    },
  };
}

/** Lets the event loop turn until it holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(['unix', 'tcp'])('a line server on %s', (kind) => {
  const address = () => (kind === 'unix' ? `unix:${newPath()}` : 'tcp:127.0.0.1:0');

  it('sends every line to every reader, in order, from when it connected', async () => {
    const server = await started(address());
    server.push('before');
    const first = await reader(server);
    server.push('one');
    const second = await reader(server);
    server.push('two');
    server.push('three');

    expect(await first.got(3)).toEqual(['one', 'two', 'three']);
    expect(await second.got(2)).toEqual(['two', 'three']);
    expect(server.counts).toEqual({
      dropped: 0,
      refusedLines: 0,
      refusedReaders: { too_many: 0, too_slow: 0, not_silent: 0 },
    });
  });

  it('drops and counts the oldest lines of a reader that stops reading, and slows no other reader', async () => {
    const server = await started(address());
    const slow = await reader(server, { paused: true });
    const quick = await reader(server);
    const line = 'x'.repeat(10_000);
    const count = 2000;
    for (let index = 0; index < count; index++) {
      server.push(`${index} ${line}`);
      // What the kernel takes for the quick reader must be read, or it would be slow too.
      await quick.has(index + 1);
    }
    expect(server.counts.dropped).toBeGreaterThan(0);
    slow.socket.resume();
    await until(() => slow.count() + server.counts.dropped >= count);

    const numbers = slow.lines().map((text) => Number(text.split(' ')[0]));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(numbers.at(-1)).toBe(count - 1);
    expect(numbers.length + server.counts.dropped).toBe(count);
    expect(quick.lines()).toHaveLength(count);
  });

  it('continues when a reader has gone, also in the middle of a line', async () => {
    const server = await started(address());
    const gone = await reader(server);
    const stays = await reader(server);
    server.push('x'.repeat(60_000));
    gone.socket.destroy();
    await until(() => server.readers === 1);
    server.push('after');

    expect((await stays.got(2))[1]).toBe('after');
  });

  it('disconnects a reader that writes, and counts it', async () => {
    const server = await started(address());
    const writer = await reader(server);
    writer.socket.write('GET / HTTP/1.1\r\n\r\n');
    await writer.ended;

    expect(server.counts.refusedReaders.not_silent).toBe(1);
  });

  it('refuses readers beyond the bound, and counts them', async () => {
    const server = await started(address(), { maxReaders: 1 });
    await reader(server);
    const [, host, port] = /^tcp:(.*):(\d+)$/.exec(server.address) ?? [];
    const second = host === undefined ? connect(server.address.slice(5)) : connect(Number(port), host);
    await new Promise((resolve) => second.on('error', () => undefined).on('close', resolve));

    expect(server.counts.refusedReaders.too_many).toBe(1);
    expect(server.readers).toBe(1);
  });

  it('refuses and counts a line that is too long, or has a line feed within it', async () => {
    const server = await started(address());
    const all = await reader(server);
    server.push('x'.repeat(64 * 1024));
    server.push('one\ntwo');
    server.push('whole');

    expect(await all.got(1)).toEqual(['whole']);
    expect(server.counts.refusedLines).toBe(2);
  });

  it('sends what waits when it stops, ends its readers, and starts again at the same address', async () => {
    const server = await started(address());
    const { address: bound } = server;
    const last = await reader(server);
    server.push('last');
    await server.stop();
    await server.stop();
    await last.ended;
    expect(last.lines()).toEqual(['last']);

    const again = await started(bound);
    const next = await reader(again);
    again.push('again');
    expect(await next.got(1)).toEqual(['again']);
  });

  it('does not take the address of another process that runs', async () => {
    const first = await started(address());

    await expect(new LineServer(first.address).start()).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    // The other one has connected to find out.
    await until(() => first.readers === 0);
    const stays = await reader(first);
    first.push('still here');
    expect(await stays.got(1)).toEqual(['still here']);
  });
});

describe('the socket of a line server', () => {
  it('is open to owner and group, and gone after the stop', async () => {
    const path = newPath();
    const server = await started(`unix:${path}`);
    expect(statSync(path).mode & 0o777).toBe(0o660);
    await server.stop();
    expect(existsSync(path)).toBe(false);
  });

  it('replaces the file of a process that died', async () => {
    const path = newPath();
    // A server whose file is left: its process would have been killed.
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(path, resolve));
    const { renameSync } = await import('node:fs');
    renameSync(path, `${path}.kept`);
    await new Promise((resolve) => dead.close(resolve));
    renameSync(`${path}.kept`, path);
    const server = await started(`unix:${path}`);
    const read = await reader(server);
    server.push('taken over');

    expect(await read.got(1)).toEqual(['taken over']);
  });

  it('leaves a file alone that is not a socket', async () => {
    const path = newPath();
    writeFileSync(path, 'mine');

    await expect(new LineServer(`unix:${path}`).start()).rejects.toMatchObject({ code: 'BAD_OPTION' });
    expect(statSync(path).size).toBe(4);
  });

  it('leaves the file of a process alone that took the path meanwhile', async () => {
    const path = newPath();
    const first = await started(`unix:${path}`);
    rmSync(path);
    const second = await started(`unix:${path}`);
    await first.stop();
    const read = await reader(second);
    second.push('mine');

    expect(await read.got(1)).toEqual(['mine']);
  });
});

it.each(['tcp:0.0.0.0:0', 'tcp:[::]:0', 'tcp:192.0.2.1:8081'])('refuses %s without unprotected', (to) => {
  expect(() => new LineServer(to)).toThrow(/^to is ".*because other hosts could read the lines without a password/);
  expect(() => new LineServer(to, { unprotected: true })).not.toThrow();
});

it.each([0, 1025, 1.5, Number.NaN])('refuses %j readers', (maxReaders) => {
  expect(() => new LineServer('tcp:127.0.0.1:0', { maxReaders })).toThrow(/^maxReaders is /);
});

it('refuses an address that this host does not have, and names the option', async () => {
  const server = new LineServer('tcp:192.0.2.1:8081', { unprotected: true, option: '--to' });

  await expect(server.start()).rejects.toMatchObject({ code: 'BAD_OPTION', message: expect.stringContaining('--to') });
});
