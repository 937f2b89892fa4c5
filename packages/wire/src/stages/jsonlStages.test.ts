// Real files, FIFOs, sockets and datagrams; writers are processes where it matters that one dies.
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import {
  appendFileSync,
  closeSync,
  createWriteStream,
  existsSync,
  mkdtempSync,
  openSync,
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
import { PassThrough } from 'node:stream';
import type { BenchlabError, StageEvent, StageRejection, StageSource } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonlStages } from './jsonlStages.ts';
import { Rejections } from './rejections.ts';
import { StageLines } from './stageLines.ts';

let folder: string;
let heard: StageEvent[];
let rejections: StageRejection[];
let ends: { error?: BenchlabError }[];
let source: StageSource | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-stages-'));
  heard = [];
  rejections = [];
  ends = [];
});
afterEach(async () => {
  await source?.stop();
  rmSync(folder, { recursive: true });
});

const consumer = {
  stage: (event: StageEvent) => void heard.push(event),
  rejected: (report: StageRejection) => void rejections.push(report),
  ended: (end: { error?: BenchlabError }) => void ends.push(end),
};
const line = (frame: number, stage = 'a') => `${JSON.stringify({ timeNs: frame, stage, frameId: frame })}\n`;
const frames = () => heard.map(({ frameId }) => Number(frameId));

async function start(from: string | PassThrough): Promise<StageSource> {
  source = jsonlStages({ from });
  await source.start(consumer);
  return source;
}

describe('a file', () => {
  it('is read from its start, and what is added as it comes, half lines whole', async () => {
    const path = join(folder, 'stages.jsonl');
    writeFileSync(path, line(1) + line(2));
    await start(path);
    await expect.poll(frames).toEqual([1, 2]);

    appendFileSync(path, line(3).slice(0, 10));
    await new Promise((resolve) => setTimeout(resolve, 120));
    appendFileSync(path, line(3).slice(10) + line(4));

    await expect.poll(frames).toEqual([1, 2, 3, 4]);
    expect(rejections).toEqual([]);
    expect(heard[0]).toEqual({ timeNs: 1, uncertaintyNs: 0, stage: 'a', frameId: '1', source: `jsonl:${path}` });
  });

  it('that was cut or replaced is read from its start again, and that is told', async () => {
    const path = join(folder, 'stages.jsonl');
    writeFileSync(path, line(1) + line(2));
    await start(path);
    await expect.poll(frames).toEqual([1, 2]);

    truncateSync(path);
    appendFileSync(path, line(3));
    await expect.poll(frames).toEqual([1, 2, 3]);
    writeFileSync(`${path}.new`, line(4));
    renameSync(`${path}.new`, path);
    await expect.poll(frames).toEqual([1, 2, 3, 4]);
    await source?.stop();

    expect(rejections[0]?.reason).toMatch(/was (cut|written anew)/); // whichever a look comes upon
    expect(rejections.at(-1)).toMatchObject({ reason: expect.stringContaining('was replaced'), count: 2 });
  });

  it('that was written anew between two looks is read from its start again, whatever its size', async () => {
    const path = join(folder, 'stages.jsonl');
    writeFileSync(path, line(1) + line(2));
    await start(path);
    await expect.poll(frames).toEqual([1, 2]);

    writeFileSync(path, line(3) + line(4));
    await expect.poll(frames).toEqual([1, 2, 3, 4]);
    writeFileSync(path, line(5) + line(6) + line(7));
    await expect.poll(frames).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(rejections[0]?.reason).toContain('was written anew');
  });

  it('that was moved away is read while its writer goes on, and then the new one', async () => {
    const path = join(folder, 'stages.jsonl');
    writeFileSync(path, line(1));
    await start(path);
    await expect.poll(frames).toEqual([1]);
    renameSync(path, `${path}.1`);
    writeFileSync(path, line(10));
    for (let frame = 2; frame <= 5; frame++) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      appendFileSync(`${path}.1`, line(frame));
    }

    await expect.poll(frames, { timeout: 5000 }).toEqual([1, 2, 3, 4, 5, 10]);
  });

  it('that was moved away gives all of both at the stop', async () => {
    const path = join(folder, 'stages.jsonl');
    writeFileSync(path, line(1));
    await start(path);
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, line(2));
    writeFileSync(path, line(3));
    await source?.stop();

    expect(frames()).toEqual([1, 2, 3]);
  });

  it('that a FIFO has taken the place of ends with that', async () => {
    const path = join(folder, 'stages.jsonl');
    writeFileSync(path, line(1));
    await start(path);
    rmSync(path);
    execFileSync('mkfifo', [path]);

    await expect.poll(() => ends[0]?.error?.message, { timeout: 5000 }).toContain('is no regular file any more');
  });

  it('that grows with every line that is read can be stopped', async () => {
    const path = join(folder, 'stages.jsonl');
    writeFileSync(path, line(1));
    source = jsonlStages({ from: path });
    const stage = (event: StageEvent) => {
      heard.push(event);
      appendFileSync(path, line(1));
    };
    await source.start({ ...consumer, stage });
    await expect.poll(() => heard.length).toBeGreaterThan(2);
    await source.stop();

    expect(ends).toEqual([]);
  });

  it('gives what was written before the stop, its last line without an end as well', async () => {
    const path = join(folder, 'stages.jsonl');
    writeFileSync(path, line(1));
    await start(path);
    appendFileSync(path, line(2) + line(3).trimEnd());
    await source?.stop();

    expect(frames()).toEqual([1, 2, 3]);
  });
});

describe('a file that is written anew, longer, with the same beginning', () => {
  it('is read from its start again', async () => {
    const path = join(folder, 'stages.jsonl');
    const header = `${' '.repeat(600)}\n`;
    writeFileSync(path, header + line(1));
    await start(path);
    await expect.poll(frames).toEqual([1]);
    writeFileSync(path, header + line(2) + line(3));

    await expect.poll(frames).toEqual([1, 2, 3]);
  });
});

describe('a FIFO', () => {
  const fifo = () => {
    const path = join(folder, 'stages.fifo');
    execFileSync('mkfifo', [path]);
    return path;
  };

  it('is read through all of its writers, one of which dies within a line', async () => {
    const path = fifo();
    await start(path);
    writeFileSync(path, line(1) + line(2));
    await expect.poll(frames).toEqual([1, 2]);

    const dying = spawn('sh', [
      '-c',
      `exec 3>"$1"; printf '%s' "$2" >&3; kill -9 $$`,
      'sh',
      path,
      line(3) + line(4).slice(0, 9),
    ]);
    await new Promise((resolve) => dying.once('close', resolve));
    await expect.poll(frames).toEqual([1, 2, 3]);
    writeFileSync(path, line(5));
    await expect.poll(frames).toEqual([1, 2, 3, 5]);

    expect(rejections).toEqual([
      { source: `jsonl:${path}`, reason: 'line 2, where its writer ended: no JSON object', count: 1 },
    ]);
  });

  it('without a writer can be stopped and started again', async () => {
    const path = fifo();
    await start(path);
    await source?.stop();
    await source?.start(consumer);
    writeFileSync(path, line(1));

    await expect.poll(frames).toEqual([1]);
  });
});

describe('a FIFO that is made anew', () => {
  it('is read, and the old one while its writer goes on', async () => {
    const path = join(folder, 'stages.fifo');
    execFileSync('mkfifo', [path]);
    await start(path);
    const old = createWriteStream(path);
    await new Promise((resolve) => old.write(line(1), resolve));
    await expect.poll(frames).toEqual([1]);
    rmSync(path);
    execFileSync('mkfifo', [path]);
    await new Promise((resolve) => setTimeout(resolve, 1200));

    old.write(line(2));
    const writer = spawn('sh', ['-c', 'printf %s "$1" > "$2"', 'sh', line(3), path]);
    await expect.poll(() => frames().sort(), { timeout: 5000 }).toEqual([1, 2, 3]);
    await new Promise((resolve) => old.end(resolve));
    writer.kill();
  });

  it('as something else ends with that', async () => {
    const path = join(folder, 'stages.fifo');
    execFileSync('mkfifo', [path]);
    await start(path);
    rmSync(path);
    writeFileSync(path, line(1));

    await expect.poll(() => ends[0]?.error?.message, { timeout: 5000 }).toContain('is no FIFO any more');
  });

  it('gives what has arrived before the stop', async () => {
    const path = join(folder, 'stages.fifo');
    execFileSync('mkfifo', [path]);
    await start(path);
    const writer = openSync(path, 'w');
    writeSync(writer, line(1) + line(2).trimEnd());
    await source?.stop();
    closeSync(writer);

    expect(frames()).toEqual([1, 2]);
  });
});

describe('a Unix socket', () => {
  it('whose file was removed is there again within a second or so, and keeps its writers', async () => {
    const path = join(folder, 'stages.sock');
    await start(`unix:${path}`);
    const one = connect(path);
    one.write(line(1));
    await expect.poll(frames).toEqual([1]);
    rmSync(path);
    await expect.poll(() => existsSync(path), { timeout: 5000 }).toBe(true);
    one.end(line(2));
    connect(path).end(line(3));

    await expect.poll(() => frames().sort()).toEqual([1, 2, 3]);
  });

  it('gives what has arrived before the stop', async () => {
    const path = join(folder, 'stages.sock');
    await start(`unix:${path}`);
    const one = connect(path);
    await new Promise((resolve) => one.once('connect', resolve));
    await new Promise((resolve) => one.write(line(1) + line(2).trimEnd(), resolve));
    await source?.stop();

    expect(frames()).toEqual([1, 2]);
  });

  it('takes several writers, whose lines do not mix, and is for owner and group', async () => {
    const path = join(folder, 'stages.sock');
    await start(`unix:${path}`);
    const [one, two] = [connect(path), connect(path)];
    one.write(line(1).slice(0, 8));
    two.write(line(2).slice(0, 8));
    await new Promise((resolve) => setTimeout(resolve, 50));
    one.end(line(1).slice(8));
    two.end(line(2).slice(8));

    await expect.poll(() => frames().sort()).toEqual([1, 2]);
    expect(statSync(path).mode & 0o777).toBe(0o660);
    await source?.stop();
    expect(rejections).toEqual([]);
    await start(`unix:${path}`);
  });

  it('counts writers beyond its bound', async () => {
    const path = join(folder, 'stages.sock');
    await start(`unix:${path}`);
    const writers = Array.from({ length: 65 }, () => connect(path).on('error', () => undefined));

    await expect.poll(() => rejections[0]?.reason).toContain('more than 64 writers');
    for (const writer of writers) writer.destroy();
  });

  it('that another process listens on is left to it', async () => {
    const path = join(folder, 'stages.sock');
    await start(`unix:${path}`);

    await expect(jsonlStages({ from: `unix:${path}` }).start(consumer)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    connect(path).end(line(1));
    await expect.poll(frames).toEqual([1]);
  });
});

describe('a Unix socket whose path another process has taken', () => {
  it('ends with that, and leaves the file of the other one when it stops', async () => {
    const path = join(folder, 'stages.sock');
    const stages = await start(`unix:${path}`);
    rmSync(path);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(path, resolve));
    await expect.poll(() => ends[0]?.error?.code, { timeout: 5000 }).toBe('PORT_IN_USE');
    await stages.stop();

    expect(statSync(path).isSocket()).toBe(true);
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('datagrams', () => {
  it('to a port of loopback are lines', async () => {
    const port = await freePort();
    await start(`udp:${port}`);
    const socket = createSocket('udp4');
    socket.send(line(1) + line(2).trimEnd(), port, '127.0.0.1');
    socket.send('half a line', port, '127.0.0.1');

    await expect.poll(frames).toEqual([1, 2]);
    await expect.poll(() => rejections[0]?.reason).toContain('line 3');
    await expect(jsonlStages({ from: `udp:${port}` }).start(consumer)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    socket.close();
  });
});

describe('a stream', () => {
  it('is read to its end, which is told, and left open', async () => {
    const stream = new PassThrough();
    await start(stream);
    stream.write(line(1));
    stream.end(line(2).trimEnd());

    await expect.poll(() => ends).toEqual([{ source: 'jsonl' }]);
    expect(frames()).toEqual([1, 2]);
    await source?.stop();
    await expect(source?.start(consumer)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });

  it('that breaks ends with what it was', async () => {
    const stream = new PassThrough();
    await start(stream);
    stream.destroy(new Error('cable cut'));

    await expect.poll(() => ends[0]?.error?.message).toContain('cable cut');
  });

  it('that is closed before its end says so, once', async () => {
    const stream = new PassThrough();
    await start(stream);
    stream.destroy();

    await expect
      .poll(() => ends.map(({ error }) => error?.message))
      .toEqual([expect.stringContaining('closed before')]);
  });
});

describe('any source', () => {
  it.each(['', 'udp:', 'udp:0', 'udp:65536', 'udp:80x', 'a\0b'])('refuses the address %j', (from) => {
    expect(() => jsonlStages({ from })).toThrow(/nowhere to read stage events from/);
  });

  it('names what cannot be read, and how to read it', async () => {
    await expect(start(join(folder, 'absent'))).rejects.toThrow(/There is no .*absent.*mkfifo/);
    await expect(start(folder)).rejects.toThrow(/neither a file nor a FIFO/);
    await expect(start(`unix:${folder}/${'x'.repeat(120)}`)).rejects.toThrow(/no path for a Unix socket/);
  });

  it('may be stopped unstarted and twice, not started twice, and tells nothing once it has stopped', async () => {
    const path = join(folder, 'stages.jsonl');
    writeFileSync(path, line(1));
    source = jsonlStages({ from: path });
    await source.stop();
    await source.start(consumer);
    await expect(source.start(consumer)).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
    await Promise.all([source.stop(), source.stop()]);
    const before = heard.length;
    appendFileSync(path, line(2));
    await new Promise((resolve) => setTimeout(resolve, 120));

    expect(heard).toHaveLength(before);
  });

  it('makes of 10,000 lines of rubbish no event that is not there, and loses none that is', () => {
    let state = 20_261_127;
    const random = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((state / 2 ** 31) * below);
    };
    const clock = new ManualClock();
    const told = new Rejections('test', consumer, () => clock.nowNs());
    const lines = new StageLines({ source: 'test', consumer, rejections: told });
    const good: number[] = [];
    let bad = 0;
    const all: Buffer[] = [];
    for (let frame = 1; frame <= 10_000; frame++) {
      const whole = Buffer.from(line(frame));
      const kind = random(4);
      if (kind === 0) {
        good.push(frame);
        all.push(whole);
        continue;
      }
      bad++;
      if (kind === 1) all.push(Buffer.concat([whole.subarray(0, 1 + random(whole.length - 3)), Buffer.from('\n')]));
      else if (kind === 2) all.push(Buffer.from(`x${'y'.repeat(random(20) === 0 ? 20_000 : random(300))}\n`));
      else
        all.push(
          Buffer.concat([
            Buffer.from(Array.from({ length: 1 + random(64) }, () => 128 + random(128))),
            Buffer.from('\n'),
          ]),
        );
    }
    const stream = Buffer.concat(all);
    for (let from = 0; from < stream.length; ) {
      const size = 1 + random(70_000);
      lines.push(stream.subarray(from, from + size));
      from += size;
    }
    lines.end();
    told.tell();

    expect(frames()).toEqual(good);
    expect(rejections.at(-1)?.count).toBe(bad);
    expect(rejections).toHaveLength(2); // the first at once, the sum at the end: the clock stood still
  });
});

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
