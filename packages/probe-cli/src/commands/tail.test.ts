import { execFileSync } from 'node:child_process';
import { appendFileSync, createWriteStream, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, expect, it } from 'vitest';
import { probed, startProbe } from '../host/testHost.suite.ts';
// Loaded here, so that its loading does not count into the first test.
import '../tail/runTail.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-tail-'));
afterAll(() => rmSync(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let names = 0;
const newName = (suffix: string) => join(folder, `${++names}${suffix}`);

/** The command, ended after the test. */
function tail(...args: readonly string[]) {
  const running = startProbe(['tail', ...args]);
  closing.push(() => {
    running.send('SIGTERM');
    return running.ended;
  });
  return running;
}

/** Connects, and resolves `lines` once `count` of them have come. */
function reader(path: string) {
  const socket = connect(path);
  closing.push(() => socket.destroy());
  let text = '';
  const ended = new Promise<string>((resolve) => socket.on('close', () => resolve(text)));
  const connected = new Promise((resolve) => socket.once('connect', resolve));
  const lines = (count: number) =>
    new Promise<readonly string[]>((resolve) => {
      const check = () => {
        if (text.split('\n').length > count) resolve(text.split('\n').slice(0, -1));
      };
      socket.on('data', check);
      check();
    });
  socket.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  return { socket, connected, lines, ended };
}

it('serves what is added to a file to two readers, also after a rotation', async () => {
  const [file, path] = [newName('.jsonl'), newName('.sock')];
  writeFileSync(file, '');
  const { shown } = tail('--input', file, '--to', `unix:${path}`);
  await shown(/are served at/);
  const [one, two] = [reader(path), reader(path)];
  await Promise.all([one.connected, two.connected]);

  appendFileSync(file, 'first\n');
  await Promise.all([one.lines(1), two.lines(1)]);
  renameSync(file, `${file}.1`);
  appendFileSync(`${file}.1`, 'late\n');
  writeFileSync(file, 'second\n');

  expect(await one.lines(3)).toEqual(['first', 'late', 'second']);
  expect(await two.lines(3)).toEqual(['first', 'late', 'second']);
});

it('waits for a FIFO that is made later, and for its writers, one after the other', async () => {
  const [fifo, path] = [newName('.fifo'), newName('.sock')];
  const { shown } = tail('--input', fifo, '--to', `unix:${path}`);
  await shown(/There is no .* yet: waiting for it/);
  const read = reader(path);
  await read.connected;
  execFileSync('mkfifo', [fifo]);
  for (const line of ['from the first writer', 'from the second']) {
    const writer = createWriteStream(fifo);
    await new Promise<void>((resolve) => writer.end(`${line}\n`, () => resolve()));
  }

  expect(await read.lines(2)).toEqual(['from the first writer', 'from the second']);
});

it('ends with standard input, and its readers have every line by then', async () => {
  const path = newName('.sock');
  const input = new PassThrough();
  const running = startProbe(['tail', '--input', '-', '--to', `unix:${path}`], {
    input: { isTerminal: false, stream: () => input, stats: () => undefined },
  });
  await running.shown(/are served at/);
  const read = reader(path);
  await read.connected;
  input.end('one\ntwo without an end');

  expect(await read.ended).toBe('one\ntwo without an end\n');
  expect(await running.ended).toMatchObject({ code: 0, out: '' });
  expect(running.listeners).toBe(0);
});

it('starts again after it was ended, and serves at the same address', async () => {
  const [file, path] = [newName('.jsonl'), newName('.sock')];
  writeFileSync(file, '');
  for (const line of ['one', 'two']) {
    const running = tail('--input', file, '--to', `unix:${path}`);
    await running.shown(/are served at/);
    const read = reader(path);
    await read.connected;
    appendFileSync(file, `${line}\n`);
    expect((await read.lines(1)).at(-1)).toBe(line);
    running.send('SIGTERM');
    expect((await running.ended).code).toBe(0);
  }
});

it('reports on standard error which lines a slow reader missed', async () => {
  const path = newName('.sock');
  const input = new PassThrough({ highWaterMark: 1e8 });
  const running = startProbe(['tail', '--input', '-', '--to', `unix:${path}`], {
    input: { isTerminal: false, stream: () => input, stats: () => undefined },
  });
  await running.shown(/are served at/);
  const socket = connect(path);
  socket.pause();
  closing.push(() => socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  const line = `${'x'.repeat(9999)}\n`;
  for (let index = 0; index < 1000; index++) {
    input.write(line);
    await new Promise((resolve) => setImmediate(resolve));
  }
  input.end();

  expect((await running.ended).err).toMatch(/\n\d+ lines dropped for readers that were too slow\n$/);
});

it('refuses a socket on which another process listens, before it reads anything', async () => {
  const [file, path] = [newName('.jsonl'), newName('.sock')];
  writeFileSync(file, '');
  await tail('--input', file, '--to', `unix:${path}`).shown(/are served at/);
  const { code, err } = await probed('tail', '--input', file, '--to', `unix:${path}`);

  expect([code, err]).toEqual([97, expect.stringMatching(/already listens at .*--to/)]);
});

it.each([
  [['--to', 'unix:/tmp/x.sock'], '--input'],
  [['--input', '-'], '--to'],
  [['--input', '', '--to', 'tcp:127.0.0.1:0'], "'--input <source>' argument '' is invalid. It is empty"],
  [['--input', '-', '--to', '/tmp/x.sock'], '--to is "/tmp/x.sock". It must be unix:PATH'],
  [['--input', '-', '--to', 'tcp:0.0.0.0:0'], 'because other hosts could read the lines without a password'],
  [['--input', '-', '--to', 'unix:/no/such/folder/deep/x.sock'], 'There is no folder'],
  [['--input', '-', '--to', 'tcp:127.0.0.1:0', '--max-readers', '0'], 'from 1 to 1024'],
])('is a mistake of usage with %j', async (args, message) => {
  const { code, err } = await probed('tail', ...args);

  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});

it('serves other hosts with --unprotected, over TCP', async () => {
  const input = new PassThrough();
  const running = startProbe(['tail', '--input', '-', '--to', 'tcp:0.0.0.0:0', '--unprotected'], {
    input: { isTerminal: false, stream: () => input, stats: () => undefined },
  });
  const [, port] = await running.shown(/at tcp:0\.0\.0\.0:(\d+)/);
  const socket = connect(Number(port), '127.0.0.1');
  closing.push(() => socket.destroy());
  const text = new Promise((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
  await new Promise((resolve) => socket.once('connect', resolve));
  input.write('line\n');

  expect(await text).toBe('line\n');
  input.end();
  expect((await running.ended).code).toBe(0);
});
