import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OptionError } from '@benchlab-otel/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LineWriter } from './lineWriter.ts';
import { PathSink } from './pathSink.ts';
import { writeLines } from './writeLines.ts';

// On real files and FIFOs, whose readers are real programs.

let folder: string;
let writer: LineWriter | undefined;
const notice = (dropped: number) => JSON.stringify({ dropped });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-sink-'));
});
afterEach(async () => {
  await writer?.close();
  writer = undefined;
  rmSync(folder, { recursive: true });
});

const at = (name: string) => join(folder, name);
function fifo(): string {
  execFileSync('mkfifo', [at('fifo')]);
  return at('fifo');
}

/** `cat`, from the FIFO into a file. */
function reader(path: string, into: string, lines?: number) {
  const command = lines === undefined ? `cat < ${path} > ${into}` : `head -n ${lines} < ${path} > ${into}`;
  const child = spawn('sh', ['-c', `exec ${command}`], { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  return { child, exited };
}

const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const until = (path: string, isThere: (text: string) => boolean) =>
  expect.poll(() => isThere(read(path)), { timeout: 10_000, interval: 20 }).toBe(true);

describe('a file', () => {
  it('gets lines added to its end', async () => {
    appendFileSync(at('out.jsonl'), 'before\n');
    writer = await writeLines(at('out.jsonl'), { notice });
    writer.push('{"a":1}');
    await writer.flush();
    expect(read(at('out.jsonl'))).toBe('before\n{"a":1}\n');
  });

  it('that ends within a line gets a line feed first', async () => {
    appendFileSync(at('out.jsonl'), '{"cut":');
    writer = await writeLines(at('out.jsonl'), { notice });
    writer.push('{"a":1}');
    await writer.flush();
    expect(read(at('out.jsonl'))).toBe('{"cut":\n{"a":1}\n');
  });

  it.runIf(process.getuid?.() === 0)('that another user has made first is refused (needs root)', async () => {
    appendFileSync(at('out.jsonl'), '');
    chownSync(at('out.jsonl'), 54_321, 54_321);
    await expect(writeLines(at('out.jsonl'), { notice })).rejects.toThrow('is a file of another user (uid 54321)');
  });

  it('on a full disk is tried again, and its lines are counted as dropped at the close', async () => {
    writer = await writeLines('/dev/full', { notice });
    writer.push('{"a":1}');
    // The sink has the line by then, and tries it again until the close.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await writer.close();
    expect(writer.dropped).toBe(1);
  });

  it.each<[string, () => string | Promise<string>]>([
    ['in a folder that is not there', () => at('no/out.jsonl')],
    ['that is a folder', () => folder],
    [
      'that is a socket',
      async () => {
        const server = createServer().listen(at('socket'));
        await new Promise((resolve) => server.once('listening', resolve));
        server.unref();
        return at('socket');
      },
    ],
    ['without a name', () => ''],
  ])('%s is refused, with the option that named it', async (_what, make) => {
    await expect(writeLines(await make(), { notice, option: '--telemetry-out' })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      option: '--telemetry-out',
      message: expect.stringMatching(/^--telemetry-out is ".*"\. It must be the path of a file or a FIFO/),
    });
  });
});

it('a path that cannot be written is refused with the reason, which stays when another name is given', async () => {
  const refused = await writeLines(at('no/out.jsonl'), { notice }).catch((error: unknown) => error);
  if (!(refused instanceof OptionError)) throw refused;
  expect(refused.value).toBe(at('no/out.jsonl'));
  expect(refused.named('--telemetry-out').message).toMatch(/^--telemetry-out is ".*out\.jsonl"\. .*ENOENT/);
});

it('a sink that is closed while it opens its file leaves no descriptor', async () => {
  const path = fifo();
  const sink = await PathSink.open(path, 'to');
  const readable = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writing = sink.write(Buffer.from('x\n'));
  await sink.close();
  expect(await writing).toBe('closed');
  const descriptors = readdirSync('/proc/self/fd').filter((fd) => targetOf(fd) === path);
  closeSync(readable);
  expect(descriptors).toHaveLength(1); // the reader of this test
});

function targetOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ''; // The descriptor with which the folder was read is closed by now.
  }
}

describe('a FIFO', () => {
  it('is written once a program reads it, and until then the caller does not wait', async () => {
    const path = fifo();
    // A caller that waited for a reader would wait here for ever.
    writer = await writeLines(path, { notice });
    writer.push('{"a":1}');
    writer.push('{"a":2}');

    const { child } = reader(path, at('got'));
    await until(at('got'), (text) => text === '{"a":1}\n{"a":2}\n');
    child.kill();
  });

  it('without a reader counts every line once, and no notice, at the close', async () => {
    writer = await writeLines(fifo(), { notice, maxLines: 3 });
    for (let k = 0; k < 10; k++) writer.push(`{"k":${k}}`);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await writer.close();
    expect(writer.dropped).toBe(10);
  });

  it('whose reader stops loses the oldest lines, counted and reported, and does not make the caller wait', async () => {
    const path = fifo();
    writer = await writeLines(path, { notice });
    const [go, opened] = [at('go'), at('opened')];
    execFileSync('mkfifo', [go]);
    const script = 'exec 3< "$1"; echo yes > "$2"; read line < "$3"; exec cat <&3 > "$4"';
    const stopped = spawn('sh', ['-c', script, 'sh', path, opened, go, at('got')], { stdio: 'ignore' });
    const line = (k: number) => JSON.stringify({ k, filler: 'x'.repeat(1000) });
    const total = 30_000;
    writer.push(line(0));
    await until(opened, (text) => text === 'yes\n');
    // The reader has opened the FIFO and reads nothing: a caller that waited for it would wait here for ever.
    for (let k = 1; k < total; k++) {
      writer.push(line(k));
      if (k % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(writer.dropped).toBeGreaterThan(10_000);
    writeFileSync(go, 'go\n');
    await until(at('got'), (text) => text.includes(`{"k":${total - 1},`));
    stopped.kill();

    const events = read(at('got'))
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    const reported = events.reduce((sum, event) => sum + (event.dropped ?? 0), 0);
    const numbers = events.flatMap(({ k }) => (k === undefined ? [] : [k]));
    expect(reported).toBe(writer.dropped);
    expect(numbers.length + reported).toBe(total);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it('whose reader dies continues with the next reader, in whole lines', async () => {
    const path = fifo();
    writer = await writeLines(path, { notice });
    const first = reader(path, at('first'), 1);
    writer.push('{"k":0}');
    await first.exited;
    for (let k = 1; k <= 3; k++) {
      writer.push(`{"k":${k}}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { child } = reader(path, at('second'));
    await until(at('second'), (text) => text.includes('{"k":3}'));
    child.kill();

    expect(read(at('first'))).toBe('{"k":0}\n');
    expect(read(at('second'))).toBe('{"k":1}\n{"k":2}\n{"k":3}\n');
  });

  it('whose reader died, and which was made again, continues with the reader of the new one', async () => {
    const path = fifo();
    writer = await writeLines(path, { notice });
    const first = reader(path, at('first'), 1);
    writer.push('{"k":0}');
    await first.exited;
    writer.push('{"k":1}');
    rmSync(path);
    fifo();
    const { child } = reader(path, at('second'));
    await until(at('second'), (text) => text.includes('{"k":1}'));
    child.kill();

    expect(read(at('second'))).toBe('{"k":1}\n');
  });

  it('without a reader does not keep the process from ending', () => {
    const path = fifo();
    const script = `
      import { writeLines } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
      const writer = await writeLines(${JSON.stringify(path)}, { notice: String });
      writer.push('{"event":"launch"}');
      process.stdout.write('done');
    `;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 10_000 });
    expect(out.toString()).toBe('done');
  });
});
