// Real files, FIFOs, sockets and datagrams. Time is a manual clock: an input checks its file when the test lets it.
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import {
  appendFileSync,
  closeSync,
  createWriteStream,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { ManualClock } from '@benchlab-otel/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CollectedLines, endMessage } from './lineSource.suite.ts';
import type { LineSource } from './lineSource.ts';
import { readLines } from './readLines.ts';
import { Rejections } from './rejections.ts';
import { WriterLines } from './writerLines.ts';

let folder: string;
let clock: ManualClock;
let got: CollectedLines;
let source: LineSource | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-lines-'));
  clock = new ManualClock();
  got = new CollectedLines();
});
afterEach(async () => {
  await source?.stop();
  source = undefined;
  rmSync(folder, { recursive: true });
});

const lines = () => got.lines;
const sorted = () => [...got.lines].sort();
const timeout = 10_000;

async function start(from: string | Readable): Promise<LineSource> {
  source = readLines(from, { clock });
  await source.start(got);
  return source;
}

/** The input has made its check and waits for the next one. */
const waiting = () => expect.poll(() => clock.pending, { timeout, interval: 2 }).toBe(1);

/** Lets the input make one check of its file, and waits until it has made it. */
async function check(afterMs = 50): Promise<void> {
  await waiting();
  await clock.advanceMs(afterMs);
  await waiting();
}

describe('a file', () => {
  it('is read from its start, and what is added as it comes, half lines whole', async () => {
    const path = join(folder, 'lines');
    writeFileSync(path, 'one\ntwo\n');
    await start(path);
    await waiting();
    expect(lines()).toEqual(['one', 'two']);

    appendFileSync(path, 'thr');
    await check();
    expect(lines()).toEqual(['one', 'two']);
    appendFileSync(path, 'ee\nfour\n');
    await check();
    expect(lines()).toEqual(['one', 'two', 'three', 'four']);
    expect(got.rejections).toEqual([]);
  });

  it('that was cut or replaced is read from its start again, and that is reported', async () => {
    const path = join(folder, 'lines');
    writeFileSync(path, 'one\ntwo\n');
    await start(path);
    await waiting();

    truncateSync(path);
    appendFileSync(path, 'three\n');
    await check();
    expect(lines()).toEqual(['one', 'two', 'three']);
    writeFileSync(`${path}.new`, 'four\n');
    renameSync(`${path}.new`, path);
    for (let k = 0; k < 10; k++) await check();
    expect(lines()).toEqual(['one', 'two', 'three', 'four']);
    await source?.stop();

    expect(got.rejections[0]?.reason).toContain('was cut');
    expect(got.rejections.at(-1)).toMatchObject({ reason: expect.stringContaining('was replaced'), count: 2 });
  });

  it.each([
    ['the same', 'new\nold\n'],
    ['a larger', 'new one\nnew two\nnew three\n'],
  ])('that was written again between two checks, with %s size, is read from its start again', async (_, text) => {
    const path = join(folder, 'lines');
    writeFileSync(path, 'one\ntwo\n');
    await start(path);
    await waiting();

    writeFileSync(path, text);
    await check();
    expect(lines()).toEqual(['one', 'two', ...text.trimEnd().split('\n')]);
    expect(got.rejections[0]?.reason).toContain('was written again');
  });

  it('that was written again, longer, with the same beginning is read from its start again', async () => {
    const path = join(folder, 'lines');
    const header = `${' '.repeat(600)}\n`;
    writeFileSync(path, `${header}one\n`);
    await start(path);
    await waiting();
    writeFileSync(path, `${header}two\nthree\n`);

    await check();
    expect(lines().map((line) => line.trim())).toEqual(['', 'one', '', 'two', 'three']);
  });

  it('that was moved away is read while its writer continues, and then the new one', async () => {
    const path = join(folder, 'lines');
    writeFileSync(path, '1\n');
    await start(path);
    await waiting();
    renameSync(path, `${path}.1`);
    writeFileSync(path, '10\n');
    for (let line = 2; line <= 5; line++) {
      for (let k = 0; k < 9; k++) await check();
      appendFileSync(`${path}.1`, `${line}\n`);
    }
    for (let k = 0; k < 11; k++) await check();

    expect(lines()).toEqual(['1', '2', '3', '4', '5', '10']);
  });

  it('that was moved away is left after five seconds although it still grows', async () => {
    const path = join(folder, 'lines');
    writeFileSync(path, '');
    await start(path);
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'new\n');
    for (let k = 0; k < 101; k++) {
      appendFileSync(`${path}.1`, 'old\n');
      await check();
    }

    expect(lines().at(-1)).toBe('new');
  });

  it('that was moved away delivers all of both at the stop', async () => {
    const path = join(folder, 'lines');
    writeFileSync(path, '1\n');
    await start(path);
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, '2\n');
    writeFileSync(path, '3\n');
    await source?.stop();

    expect(lines()).toEqual(['1', '2', '3']);
  });

  it('that a FIFO has replaced ends with an error', async () => {
    const path = join(folder, 'lines');
    writeFileSync(path, '1\n');
    await start(path);
    await waiting();
    rmSync(path);
    execFileSync('mkfifo', [path]);
    for (let k = 0; k < 9; k++) await check();
    await clock.advanceMs(50);

    await expect.poll(() => endMessage(got.ends[0]), { timeout }).toContain('is not a regular file any more');
  });

  it('that grows with every line that is read can be stopped', async () => {
    const path = join(folder, 'lines');
    writeFileSync(path, '1\n');
    source = readLines(path, { clock });
    const line = (text: string) => {
      got.line(text);
      appendFileSync(path, '1\n');
      return undefined;
    };
    await source.start({ line, ended: (end) => got.ended(end) });
    for (let k = 0; k < 3; k++) await check();
    await source.stop();

    expect(lines().length).toBeGreaterThan(3);
    expect(got.ends).toEqual([]);
  });

  it('delivers what was written before the stop, also a last line without an end', async () => {
    const path = join(folder, 'lines');
    writeFileSync(path, '1\n');
    await start(path);
    appendFileSync(path, '2\n3');
    await source?.stop();

    expect(lines()).toEqual(['1', '2', '3']);
  });
});

describe('a FIFO', () => {
  const fifo = () => {
    const path = join(folder, 'lines.fifo');
    execFileSync('mkfifo', [path]);
    return path;
  };

  it('is read through all of its writers, one of which dies within a line', async () => {
    const path = fifo();
    await start(path);
    writeFileSync(path, '1\n2\n');
    await expect.poll(lines, { timeout }).toEqual(['1', '2']);

    const script = `exec 3>"$1"; printf '%s' "$2" >&3; kill -9 $$`;
    const dying = spawn('sh', ['-c', script, 'sh', path, '3\nbad hal']);
    await new Promise((resolve) => dying.once('close', resolve));
    await expect.poll(lines, { timeout }).toEqual(['1', '2', '3']);
    await expect.poll(() => got.rejections.length, { timeout }).toBe(1);
    writeFileSync(path, '5\n');
    await expect.poll(lines, { timeout }).toEqual(['1', '2', '3', '5']);

    expect(got.rejections).toEqual([{ source: path, reason: 'line 2, where its writer ended: it is bad', count: 1 }]);
  });

  it('without a writer can be stopped and started again', async () => {
    const path = fifo();
    await start(path);
    await source?.stop();
    await source?.start(got);
    writeFileSync(path, '1\n');

    await expect.poll(lines, { timeout }).toEqual(['1']);
  });

  it('that was removed and made again is read, and the old one while its writer continues', async () => {
    const path = fifo();
    await start(path);
    const old = createWriteStream(path);
    await new Promise((resolve) => old.write('1\n', resolve));
    await expect.poll(lines, { timeout }).toEqual(['1']);
    rmSync(path);
    execFileSync('mkfifo', [path]);
    await check(1000);

    old.write('2\n');
    const writer = spawn('sh', ['-c', 'printf 3 > "$1"', 'sh', path]);
    await expect.poll(sorted, { timeout }).toEqual(['1', '2', '3']);
    await new Promise((resolve) => old.end(resolve));
    writer.kill();
  });

  it('that something else has replaced ends with an error', async () => {
    const path = fifo();
    await start(path);
    rmSync(path);
    writeFileSync(path, '1\n');
    await clock.advanceMs(1000);

    await expect.poll(() => endMessage(got.ends[0]), { timeout }).toContain('is not a FIFO any more');
  });

  it('delivers what has arrived before the stop', async () => {
    const path = fifo();
    await start(path);
    const writer = openSync(path, 'w');
    writeSync(writer, '1\n2');
    await source?.stop();
    closeSync(writer);

    expect(lines()).toEqual(['1', '2']);
  });
});

describe('a Unix socket', () => {
  it('whose file was removed is there again after the next check, and keeps its writers', async () => {
    const path = join(folder, 'lines.sock');
    await start(`unix:${path}`);
    const one = connect(path);
    one.write('1\n');
    await expect.poll(lines, { timeout }).toEqual(['1']);
    rmSync(path);
    await check(1000);
    expect(existsSync(path)).toBe(true);
    one.end('2\n');
    connect(path).end('3\n');

    await expect.poll(sorted, { timeout }).toEqual(['1', '2', '3']);
  });

  it('delivers what has arrived before the stop', async () => {
    const path = join(folder, 'lines.sock');
    await start(`unix:${path}`);
    const one = connect(path);
    await new Promise((resolve) => one.once('connect', resolve));
    await new Promise((resolve) => one.write('1\n2', resolve));
    await source?.stop();

    expect(lines()).toEqual(['1', '2']);
  });

  it('takes several writers, whose lines do not mix, and is open to owner and group', async () => {
    const path = join(folder, 'lines.sock');
    await start(`unix:${path}`);
    const [one, two] = [connect(path), connect(path)];
    one.write('one\nhalf of ');
    two.write('two\nhalf of ');
    await expect.poll(sorted, { timeout }).toEqual(['one', 'two']);
    one.end('three\n');
    two.end('four\n');

    await expect.poll(sorted, { timeout }).toEqual(['half of four', 'half of three', 'one', 'two']);
    expect(statSync(path).mode & 0o777).toBe(0o660);
    await source?.stop();
    expect(got.rejections).toEqual([]);
    await start(`unix:${path}`);
  });

  it('refuses writers beyond its bound and counts them', async () => {
    const path = join(folder, 'lines.sock');
    await start(`unix:${path}`);
    const writers = Array.from({ length: 65 }, () => connect(path).on('error', () => undefined));

    await expect.poll(() => got.rejections[0]?.reason, { timeout }).toContain('more than 64 writers');
    for (const writer of writers) writer.destroy();
  });

  it('on which another process listens is left to it', async () => {
    const path = join(folder, 'lines.sock');
    await start(`unix:${path}`);

    await expect(readLines(`unix:${path}`).start(got)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    connect(path).end('1\n');
    await expect.poll(lines, { timeout }).toEqual(['1']);
  });

  it('whose path another process has taken ends with an error, and leaves the file of the other at its stop', async () => {
    const path = join(folder, 'lines.sock');
    const taken = await start(`unix:${path}`);
    rmSync(path);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(path, resolve));
    await clock.advanceMs(1000);
    await expect.poll(() => got.ends[0]?.error?.code, { timeout }).toBe('PORT_IN_USE');
    await taken.stop();

    expect(statSync(path).isSocket()).toBe(true);
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('datagrams', () => {
  it('to a port of loopback are lines, each datagram whole lines', async () => {
    const port = await freePort();
    await start(`udp:${port}`);
    const socket = createSocket('udp4');
    socket.send('1\n2', port, '127.0.0.1');
    socket.send('bad', port, '127.0.0.1');

    await expect.poll(lines, { timeout }).toEqual(['1', '2']);
    await expect.poll(() => got.rejections[0]?.reason, { timeout }).toContain('line 3');
    await expect(readLines(`udp:${port}`).start(got)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    socket.close();
  });
});

describe('a stream', () => {
  it('is read to its end, which is reported, and is left open', async () => {
    const stream = new PassThrough();
    await start(stream);
    stream.write('1\n');
    stream.end('2');

    await expect.poll(() => got.ends, { timeout }).toEqual([{ source: 'stream' }]);
    expect(lines()).toEqual(['1', '2']);
    await source?.stop();
    await expect(source?.start(got)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });

  it('that breaks ends with the reason', async () => {
    const stream = new PassThrough();
    await start(stream);
    stream.destroy(new Error('cable cut'));

    await expect.poll(() => endMessage(got.ends[0]), { timeout }).toContain('cable cut');
  });

  it('that is closed before its end reports that once', async () => {
    const stream = new PassThrough();
    await start(stream);
    stream.destroy();

    await expect.poll(() => got.ends.map(endMessage), { timeout }).toEqual([expect.stringContaining('closed before')]);
  });
});

describe('a stream in object mode', () => {
  it.each<[string, unknown, string]>([
    ['an object', { line: 1 }, 'an object'],
    ['a number', 7, 'a number'],
    ['a list of bytes', [49, 10], 'an object'],
  ])('that delivers %s ends with an error, and delivers no line after it', async (_, chunk, what) => {
    const stream = new PassThrough({ objectMode: true });
    await start(stream);
    stream.write('1\n');
    stream.write(chunk);
    stream.write('2\n');
    await expect.poll(() => got.ends, { timeout }).toHaveLength(1);
    stream.destroy(new Error('cable cut'));
    await new Promise((resolve) => stream.once('close', resolve));

    expect(got.ends).toMatchObject([{ error: { code: 'BAD_OPTION' } }]);
    expect(endMessage(got.ends[0])).toContain(`delivered ${what} instead of bytes. Pass a stream of bytes or text.`);
    expect(lines()).toEqual(['1']);
  });

  it('that delivers text and bytes is read', async () => {
    const stream = new PassThrough({ objectMode: true });
    await start(stream);
    for (const chunk of ['1\n', Buffer.from('2\n'), new Uint8Array([51, 10])]) stream.write(chunk);
    await expect.poll(lines, { timeout }).toEqual(['1', '2', '3']);
  });
});

describe('a consumer that throws at the end of the lines', () => {
  const line = (text: string) => got.line(text);
  const ended = () => {
    got.ended({ source: 'test' });
    throw new Error('no end expected');
  };

  it('does not end the application when a stream ends', async () => {
    const stream = new PassThrough();
    source = readLines(stream, { clock });
    await source.start({ line, ended });
    stream.end('1\n');
    await expect.poll(() => got.ends, { timeout }).toHaveLength(1);
    expect(lines()).toEqual(['1']);
  });

  it('does not end the application when a file cannot be read any more', async () => {
    const path = join(folder, 'lines');
    writeFileSync(path, '1\n');
    source = readLines(path, { clock });
    await source.start({ line, ended });
    await waiting();
    rmSync(path);
    execFileSync('mkfifo', [path]);
    for (let k = 0; k < 9; k++) await check();
    await clock.advanceMs(50);
    await expect.poll(() => got.ends, { timeout }).toHaveLength(1);
  });
});

describe('a source that has ended by itself', () => {
  it('starts again without a stop, and leaves no handle of the run before', async () => {
    const path = join(folder, 'lines.fifo');
    execFileSync('mkfifo', [path]);
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    const fifo = await start(path);
    rmSync(path);
    writeFileSync(path, '1\n');
    await clock.advanceMs(1000);
    await expect.poll(() => got.ends, { timeout }).toHaveLength(1);

    await fifo.start(got);
    await expect.poll(lines, { timeout }).toEqual(['1']);
    await expect(fifo.start(got)).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
    await fifo.stop();
    expect(descriptors()).toBe(before);
  });

  it('is started again by its consumer at the end', async () => {
    const path = join(folder, 'lines');
    writeFileSync(path, '1\n');
    const file = readLines(path, { clock });
    source = file;
    let starting: Promise<void> | undefined;
    const ended = () => {
      rmSync(path);
      writeFileSync(path, '2\n');
      starting = file.start(got);
    };
    await file.start({ line: (text) => got.line(text), ended });
    await waiting();
    rmSync(path);
    execFileSync('mkfifo', [path]);
    for (let k = 0; k < 9; k++) await check();
    await clock.advanceMs(50);

    await expect.poll(() => lines().includes('2'), { timeout }).toBe(true);
    await starting;
  });

  it('reports at a start that fails why, and is not started after it', async () => {
    const stream = new PassThrough();
    const ended = await start(stream);
    stream.end();
    await expect.poll(() => got.ends, { timeout }).toHaveLength(1);
    for (let k = 0; k < 2; k++) await expect(ended.start(got)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});

describe('any address', () => {
  it.each(['', 'udp:', 'udp:0', 'udp:65536', 'udp:80x', 'a\0b', 7, null, {}])('%j that is wrong is refused', (from) => {
    expect(() => readLines(from as string)).toThrow(/^from is .* It must be a file, a FIFO, unix:PATH/);
  });

  it.each(['unix:', 'unix:a\0b', `unix:${'x'.repeat(120)}`])('%j is refused as it was typed', (from) => {
    const message = expect.stringMatching(/^from is "unix:.* It must be unix: and the path of a Unix socket/);
    expect(() => readLines(from)).toThrow(expect.objectContaining({ value: from, message }));
  });

  it('that cannot be read is reported at the start, with what to do', async () => {
    await expect(start(join(folder, 'absent'))).rejects.toThrow(/There is no .*absent.*mkfifo/);
    await expect(start(folder)).rejects.toThrow(/neither a file nor a FIFO/);
    await expect(start(`unix:${folder}/${'x'.repeat(120)}`)).rejects.toThrow(/path.*Unix socket/);
  });

  it.each([0, 1.5, Number.NaN, 16 * 1024 * 1024 + 1])('with lines of at most %d bytes is refused', (maxLineBytes) => {
    expect(() => readLines('-', { maxLineBytes })).toThrow(/^maxLineBytes is .* from 1 to 16777216/);
  });
});

it('10,000 lines of rubbish make no line that was not written, and lose none that was', () => {
  let state = 20_261_127;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
  const maxLineBytes = 1000;
  const consumer = { line: (text: string) => (/^\d+$/.test(text) ? got.line(text) : 'not a number') };
  const rejections = new Rejections('test', got, () => clock.nowNs());
  const writer = new WriterLines({ consumer, rejections, maxLineBytes });
  const good: string[] = [];
  const all: Buffer[] = [];
  for (let k = 0; k < 10_000; k++) {
    const kind = random(4);
    if (kind === 0) {
      good.push(String(k));
      all.push(Buffer.from(`${k}\n`));
    } else if (kind === 1) all.push(Buffer.from(`{"cut":${k}\n`));
    else if (kind === 2) all.push(Buffer.from(`x${'y'.repeat(random(20) === 0 ? 2000 : random(300))}\n`));
    else all.push(Buffer.from([...Array.from({ length: 1 + random(64) }, () => 128 + random(128)), 0x0a]));
  }
  const stream = Buffer.concat(all);
  for (let from = 0; from < stream.length; ) {
    const size = 1 + random(7000);
    writer.push(stream.subarray(from, from + size));
    from += size;
  }
  writer.end();
  rejections.report();

  expect(lines()).toEqual(good);
  expect(got.rejections.at(-1)?.count).toBe(10_000 - good.length);
  expect(got.rejections).toHaveLength(2); // the first at once, the sum at the end: the clock stood still
});

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
