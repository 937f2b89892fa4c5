// Stage events of the real GStreamer, through its tracer and a FIFO.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StagePairs } from '@benchlab-otel/analysis';
import type { BenchlabError, StageEvent, StageRejection } from '@benchlab-otel/core';
import { type GstStagesOptions, gstStages } from '@benchlab-otel/hw-receivers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stageSourceSuite } from '../../packages/wire/src/stages/stageSources.suite.ts';
import { gstPipeline } from '../../scripts/stack-system.mjs';
import { until } from './process.ts';

const bin = fileURLToPath(new URL('../../packages/probe-cli/bin/benchlab-probe.mjs', import.meta.url));

interface Received {
  readonly events: StageEvent[];
  readonly rejections: StageRejection[];
  readonly error?: BenchlabError;
}

/** Runs a pipeline to its end. */
async function run(pipeline: string, options: Partial<GstStagesOptions> = {}): Promise<Received> {
  const events: StageEvent[] = [];
  const rejections: StageRejection[] = [];
  const source = gstStages({ pipeline: gstPipeline(pipeline), ...options });
  return new Promise((resolve, reject) => {
    source
      .start({
        stage: (event) => void events.push(event),
        rejected: (report) => void rejections.push(report),
        ended: ({ error }) => {
          const received = { events, rejections, ...(error === undefined ? {} : { error }) };
          void source.stop().then(() => resolve(received), reject);
        },
      })
      .catch(reject);
  });
}

function pairsOf({ events }: Received) {
  const pairs = new StagePairs();
  for (const event of events) pairs.add(event);
  pairs.close();
  return pairs;
}

const raw = 'videotestsrc num-buffers=120 ! video/x-raw,width=320,height=240 ! identity name=ingress !';

describe('frames are paired exactly', () => {
  test.each([
    ['x264enc with its defaults: it looks ahead, has B-frames and moves times', 'x264enc name=encoded'],
    ['x264enc without delay', 'x264enc tune=zerolatency name=encoded'],
    ['vp8enc', 'vp8enc deadline=1 name=encoded'],
    ['jpegenc', 'jpegenc name=encoded'],
  ])('%s', async (_, encoder) => {
    const received = await run(`${raw} ${encoder} ! fakesink`);

    expect(received.rejections).toEqual([]);
    expect(pairsOf(received).pairs).toMatchObject([
      { from: 'ingress', to: 'encoded', frames: 120, dropped: 0, unmatched: 0 },
    ]);
    for (const ns of pairsOf(received).pairs[0]?.latenciesNs ?? []) expect(ns).toBeGreaterThan(0);
  });

  test('frames that a leaky queue drops are counted, each', async () => {
    const received = await run(
      'videotestsrc num-buffers=300 is-live=true ! video/x-raw,width=64,height=48,framerate=100/1 ! identity name=ingress ! queue leaky=downstream max-size-buffers=3 ! identity sleep-time=30000 ! jpegenc name=encoded ! fakesink',
    );
    const [pair] = pairsOf(received).pairs;
    const ids = (stage: string) =>
      new Set(received.events.filter((event) => event.stage === stage).map(({ frameId }) => frameId));

    expect(ids('ingress').size).toBe(300);
    expect(pair?.frames).toBe(ids('encoded').size);
    expect(pair?.dropped).toBe(300 - ids('encoded').size);
    expect(pair?.dropped).toBeGreaterThan(100);
    expect(pair?.unmatched).toBe(0);
    // Three frames of 30 ms wait before it, and its own: 120 ms and a little.
    expect(pair?.latenciesNs.at(-1)).toBeLessThan(400e6);
  });

  test('every named element is a stage, and an element without a name is one when it is listed', async () => {
    const named = await run(`${raw} queue ! jpegenc name=encoded ! jpegdec name=decoded ! fakesink name=sink`);
    expect(pairsOf(named).stages).toEqual(
      ['ingress', 'encoded', 'decoded', 'sink'].map((stage) => ({ stage, frames: 120 })),
    );

    const asked = await run(`${raw} jpegenc ! fakesink`, { stages: ['videotestsrc0', 'jpegenc0'] });
    expect(pairsOf(asked).pairs).toMatchObject([{ from: 'videotestsrc0', to: 'jpegenc0', frames: 120, dropped: 0 }]);
  });
});

test('times are on the clock of this process, within the uncertainty that they state', async () => {
  const before = process.hrtime.bigint();
  const { events } = await run('videotestsrc num-buffers=20 is-live=true ! identity name=a ! fakesink');
  const after = process.hrtime.bigint();
  const uncertaintyNs = events[0]?.uncertaintyNs ?? Number.POSITIVE_INFINITY;

  // About 35 us on an idle machine; a busy one reads its lines later.
  expect(uncertaintyNs).toBeLessThan(1e6);
  for (const { timeNs } of events) {
    expect(timeNs).toBeGreaterThan(Number(before));
    expect(timeNs).toBeLessThan(Number(after));
  }
  // A live source at 30 frames a second: its own clock paces them.
  const gaps = events.slice(1).map(({ timeNs }, index) => timeNs - (events[index]?.timeNs ?? 0));
  // The median: a busy machine delays single frames.
  const [middle = 0] = gaps.sort((left, right) => left - right).slice(gaps.length / 2);
  expect(middle / 1e6).toBeCloseTo(33.3, 0);
});

test.each(['realtime', 'tai'])(
  'times of a pipeline on the clock %s are moved to the clock of this process',
  async (id) => {
    const before = process.hrtime.bigint();
    const { events } = await run(
      `clockselect. ( clock-id=${id} videotestsrc num-buffers=20 is-live=true ! identity name=a ! fakesink )`,
    );
    const after = process.hrtime.bigint();

    expect(events).toHaveLength(20);
    for (const { timeNs, uncertaintyNs } of events) {
      expect(timeNs + uncertaintyNs).toBeGreaterThan(Number(before));
      expect(timeNs - uncertaintyNs).toBeLessThan(Number(after));
      expect(uncertaintyNs).toBeGreaterThan(100e3);
    }
  },
);

/** What recorders that were killed left in the folder before is not of these tests. */
const foldersBefore = new Set(readdirSync(tmpdir()));

function leftFolders(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('benchlab-gst-') && !foldersBefore.has(name));
}

test('elements that bins make are not stages, a bin with a name is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-mkv-'));
  const file = join(folder, 'frames.mkv');
  try {
    await run(`${raw} jpegenc ! matroskamux ! filesink location=${file}`);
    const received = await run(
      `filesrc location=${file} ! decodebin name=decoder ! videoconvert name=converted ! fakesink`,
    );
    expect(pairsOf(received).stages).toEqual([
      { stage: 'decoder', frames: 120 },
      { stage: 'converted', frames: 120 },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

stageSourceSuite('a pipeline', () => ({
  source: gstStages({ pipeline: gstPipeline('videotestsrc is-live=true ! identity name=a ! fakesink') }),
  write: () => undefined,
}));

describe('a pipeline that', () => {
  test('has an element that is not there ends with its name', async () => {
    // Not through gstPipeline, which refuses an element that no package brings.
    const pipeline = 'videotestsrc ! nosuchenc name=encoded ! fakesink'.split(' ');
    const { events, error } = await run('', { pipeline });

    expect(events).toEqual([]);
    expect(error?.message).toMatch(/The pipeline failed .*no element "nosuchenc"/);
  });

  test('fails while it plays keeps the frames before', async () => {
    const { events, error } = await run(
      'videotestsrc num-buffers=50 ! identity name=ingress error-after=10 ! fakesink',
    );

    expect(events.length).toBeGreaterThan(5);
    expect(error?.message).toMatch(/The pipeline failed .*ERROR/);
  });

  test('does not end by itself is ended in order, and leaves no process, FIFO or folder', async () => {
    const received: StageEvent[] = [];
    let ends = 0;
    const source = gstStages({
      pipeline: gstPipeline('videotestsrc is-live=true ! identity name=a ! x264enc name=b ! fakesink'),
    });
    for (let round = 1; round <= 2; round++) {
      received.length = 0;
      await source.start({ stage: (event) => void received.push(event), ended: () => void ends++ });
      await expect(source.start({ stage() {} })).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
      await until('frames at the encoder', () => received.some(({ stage }) => stage === 'a'));
      // Twice, as with a second Ctrl-C: one interrupt ends in order, another one would end it at once.
      const stopped = source.stop();
      await new Promise((resolve) => setTimeout(resolve, 2));
      await Promise.all([stopped, source.stop()]);
      const count = (stage: string) => received.filter((event) => event.stage === stage).length;
      // The encoder emits the frames that it still holds.
      expect(count('b')).toBe(count('a'));
      expect(ends).toBe(round);
    }
    expect(leftFolders()).toEqual([]);
  });

  test('never plays, because one branch waits for frames that the other holds back, reports the frames that it had', async () => {
    const received: StageEvent[] = [];
    const source = gstStages({
      pipeline: gstPipeline(
        'videotestsrc ! identity name=in ! tee name=t t. ! queue ! fakesink t. ! queue ! x264enc ! fakesink',
      ),
    });
    await source.start({ stage: (event) => void received.push(event) });
    await until('frames', () => received.some(({ stage }) => stage === 'in'), 15_000);
    expect(received[0]?.uncertaintyNs).toBeGreaterThan(1e6);
    await source.stop();
  });

  test('works for longer than the limit of a stop is killed, and the end reports it', async () => {
    let ended: BenchlabError | undefined;
    let frames = 0;
    const source = gstStages({
      pipeline: gstPipeline('videotestsrc is-live=true ! identity name=a ! identity sleep-time=60000000 ! fakesink'),
    });
    await source.start({ stage: () => void frames++, ended: ({ error }) => (ended = error) });
    await until('the first frame', () => frames > 0);
    await source.stop();

    expect(frames).toBe(1);
    expect(ended).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('killed') });
  });

  test('is killed ends with the signal', async () => {
    const ended = new Promise<BenchlabError | undefined>((resolve) => {
      const source = gstStages({
        pipeline: gstPipeline('videotestsrc is-live=true ! identity name=doomed-by-test ! fakesink'),
      });
      void source.start({
        stage: () => {
          for (const pid of processesWith('name=doomed-by-test')) process.kill(pid, 'SIGKILL');
        },
        ended: ({ error }) => resolve(error),
      });
    });

    expect((await ended)?.message).toContain('SIGKILL');
  });
});

describe('benchlab-probe record gst', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'benchlab-record-'));
  });
  let running: ChildProcess[] = [];
  afterEach(async () => {
    // After a failed wait: SIGTERM ends the pipeline too; SIGKILL would leave it running.
    const left = running.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    running = [];
    await Promise.all(left.map((child) => new Promise((resolve) => child.once('close', resolve).kill())));
    rmSync(folder, { recursive: true });
  });

  function record(...args: readonly string[]) {
    const child = spawn(process.execPath, [bin, 'record', 'gst', '--out', join(folder, 'out.jsonl'), ...args]);
    running.push(child);
    let [out, err] = ['', ''];
    child.stdout.on('data', (bytes) => (out += bytes));
    child.stderr.on('data', (bytes) => (err += bytes));
    const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      child.on('close', (code) => resolve({ code, out, err }));
    });
    return { child, ended };
  }
  const lines = () =>
    readFileSync(join(folder, 'out.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));

  test('writes 120 pairs as JSON Lines and prints a summary', async () => {
    const { code, out, err } = await record('--', ...gstPipeline(`${raw} x264enc name=encoded ! fakesink`)).ended;

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/240 events of 2 stages .*times within /);
    expect(out).toMatch(/ingress → encoded +120 +0 /);
    const [header, ...events] = lines();
    expect(header).toMatchObject({ schema: 'benchlab-otel/stage-events', version: 1 });
    expect(events).toHaveLength(240);
    for (const stage of ['ingress', 'encoded']) {
      expect(new Set(events.filter((event) => event.stage === stage).map(({ frameId }) => frameId)).size).toBe(120);
    }
  });

  test('ends in order at Ctrl-C, and with --for', async () => {
    const recorder = record('--', ...gstPipeline('videotestsrc is-live=true ! jpegenc name=encoded ! fakesink'));
    await until('frames in the file', () => existsSync(join(folder, 'out.jsonl')) && lines().length > 5);
    recorder.child.kill('SIGINT');
    recorder.child.kill('SIGTERM'); // a second signal loses no report
    expect(await recorder.ended).toMatchObject({ code: 0, err: '', out: expect.stringContaining('of 1 stage') });
    expect(leftFolders()).toEqual([]);

    const bounded = await record(
      '--for',
      '1s',
      '--',
      ...gstPipeline('videotestsrc is-live=true ! jpegenc name=encoded ! fakesink'),
    ).ended;
    expect(bounded.code).toBe(0);
  });

  test('names a camera that is not there, and a pipeline in which no element has a name', async () => {
    const camera = await record('--device', '/dev/video97').ended;
    expect(camera).toMatchObject({ code: 97, err: expect.stringContaining("'/dev/video97'") });

    const nameless = await record('--', ...gstPipeline('videotestsrc num-buffers=3 ! fakesink')).ended;
    expect(nameless).toMatchObject({ code: 97, err: expect.stringContaining('Give an element a name') });
  });
});

/** The processes that have `argument` among their arguments. */
function processesWith(argument: string): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(argument) ? [Number(pid)] : [];
    } catch {
      return []; // it has gone
    }
  });
}
