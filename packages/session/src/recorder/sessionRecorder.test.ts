import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageEvent } from '@benchlab-otel/core';
import { ManualClock, simulatedSource } from '@benchlab-otel/core/testing';
import type { LatencyRow } from '@benchlab-otel/wire';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LiveAlign } from '../align/liveAlign.ts';
import { parseSessionFile } from '../folder/sessionFile.ts';
import { readSession } from '../readSession.ts';
import { replay } from './liveRows.ts';
import { markSession } from './marks.ts';
import { sessionRecorder } from './openRecorder.ts';
import type { SessionRecorderOptions } from './recorderOptions.ts';
import { repairSession } from './repairSession.ts';
import { lockState } from './sessionLock.ts';
import type { SessionRecorder } from './sessionRecorder.ts';
import type { OpenStream } from './streamFile.ts';

let dataRoot: string;
let clock: ManualClock;
beforeEach(() => {
  dataRoot = mkdtempSync(join(tmpdir(), 'benchlab-recorder-'));
  clock = new ManualClock();
});
/** Recorders that stand for processes that are gone: their files are closed at the end. */
let gone: SessionRecorder[] = [];
afterEach(async () => {
  for (const recorder of gone) await recorder.close().catch(() => undefined);
  gone = [];
  rmSync(dataRoot, { recursive: true });
});

const recorderOf = (more: Partial<SessionRecorderOptions> = {}) => sessionRecorder({ dataRoot, clock, ...more });
const fileOf = ({ paths }: SessionRecorder) => parseSessionFile(readFileSync(paths.file, 'utf8'), paths.file);
const rowsOf = ({ paths }: SessionRecorder) => readFileSync(join(paths.aligned, 'latency.jsonl'), 'utf8');
const stage = (name: string, frame: number, ms: number): StageEvent => ({
  timeNs: 1e9 + ms * 1e6,
  uncertaintyNs: 0,
  stage: name,
  frameId: String(frame),
  source: 'camera',
});

/** Frames each 20 ms with a latency of 5 ms, and power each 50 ms; time advances with them. */
async function feed(recorder: SessionRecorder, frames: number, from = 0): Promise<void> {
  const meter = simulatedSource({ clock, watts: { system: 200, cpu: 50 }, id: '53494D' });
  await meter.start(recorder);
  for (let frame = from; frame < from + frames; frame++) {
    const ms = (clock.nowNs() - 1e9) / 1e6;
    recorder.stage(stage('ingress', frame, ms));
    recorder.stage(stage('encoded', frame, ms + 5));
    await clock.advanceMs(20);
  }
  await meter.stop();
}

/** The process that records is gone, and has left its lock. */
function die(recorder: SessionRecorder): void {
  gone.push(recorder);
  const owner = JSON.parse(readFileSync(recorder.paths.lock, 'utf8'));
  writeFileSync(recorder.paths.lock, JSON.stringify({ ...owner, startTime: '1' }));
}

test('a session of more lines than its bound keeps the live rows, and one of power alone has none', async () => {
  const bounded = await recorderOf({ mostLinesAgain: 100 });
  await feed(bounded, 50);
  const closed = await bounded.close();
  expect(closed.liveRowsBecause).toBe('it has more than 100 lines');
  expect(rowsOf(bounded).trimEnd().split('\n')).toHaveLength(50);

  const power = await recorderOf({ mostLinesAgain: 0 });
  await simulatedSource({ clock, watts: { system: 200 }, id: '53494D' }).start(power);
  await clock.advanceMs(500);
  const { rows, liveRowsBecause } = await power.close();
  expect([rows, liveRowsBecause]).toEqual([0, undefined]);
  await expect(recorderOf({ mostLinesAgain: 2_000_000 })).rejects.toThrow('mostLinesAgain');
});

describe('a recording', () => {
  test('has the folders of the seed, lines of all sources, rows, and a session.json that is closed', async () => {
    const seen: LatencyRow[] = [];
    const recorder = await recorderOf({ tags: { driver: '535' }, comment: 'warm', onRow: (row) => seen.push(row) });
    await feed(recorder, 100);
    recorder.mark('half');
    expect(fileOf(recorder).closedAt).toBeUndefined();
    const { rows, lines, liveRowsBecause } = await recorder.close();

    expect(recorder.paths.folder).toBe(join(dataRoot, 'sessions', '2023-11-14T22-13-20Z'));
    expect(readdirSync(recorder.paths.folder).sort()).toEqual(['aligned', 'cx-export', 'raw', 'session.json']);
    expect(readdirSync(recorder.paths.raw)).toEqual(['benchlab.jsonl', 'pipeline.jsonl']);
    expect({ rows, lines, liveRowsBecause }).toEqual({ rows: 100, lines: 241, liveRowsBecause: undefined });
    expect(fileOf(recorder)).toMatchObject({
      name: '2023-11-14T22-13-20Z',
      openedAt: '2023-11-14T22:13:20.000Z',
      closedAt: '2023-11-14T22:13:22.000Z',
      clocks: [{ timeNs: 1e9 }, { timeNs: 3e9 }],
      sources: [
        { id: '53494D', simulated: true, bench: true },
        { id: 'camera', simulated: false },
      ],
      tags: { driver: '535' },
      comment: 'warm',
      bookmarks: [{ timeNs: 3e9, name: 'half' }],
      holes: [],
    });
    const row = JSON.parse(rowsOf(recorder).split('\n')[60] ?? '');
    expect(row.kv).toMatchObject({ lat_ms: 5, power_w: 200, power_stderr: 0, pairing: 'frame', simulated: true });
    expect(row.kv.energy_j).toBeCloseTo(1, 9);
    expect(seen).toHaveLength(100);
    expect(clock.pending).toBe(0);
  });

  test('is read while it is recorded, and its live rows are there within a second', async () => {
    const recorder = await recorderOf();
    await feed(recorder, 60);
    await recorder.flush();
    const { pairs } = await readSession(recorder.paths.folder);

    expect(pairs[0]?.rows).toHaveLength(60);
    // Half a second is waited for events that are late.
    expect(rowsOf(recorder).split('\n').length - 1).toBeGreaterThanOrEqual(30);
    expect(recorder.pairs).toMatchObject([{ pair: ['ingress', 'encoded'], dropped: 0 }]);
    const named = Object.fromEntries(recorder.counts().map(({ definition, value }) => [definition.name, value]));
    expect(named).toEqual({
      'benchlab.power_w': 200,
      'benchlab.pipeline.frames_dropped': 0,
      'benchlab.pipeline.dropped': 0,
      'benchlab.pipeline.latency_ms': 5,
    });
    await recorder.close();
  });

  test('the power of a board that is gone is no series any more', async () => {
    const recorder = await recorderOf();
    const meter = simulatedSource({ clock, watts: { system: 200 } });
    await meter.start(recorder);
    const names = () => recorder.counts().map(({ definition }) => definition.name);
    expect(names()).toEqual(['benchlab.power_w']);
    meter.unplug();
    expect(names()).toEqual([]);
    await meter.stop();
    await recorder.close();
  });

  test('a second one in the same second gets a number, and one with an own name has it', async () => {
    const [first, second] = [await recorderOf(), await recorderOf()];
    const named = await recorderOf({ name: 'warm-up' });

    expect([first.name, second.name, named.name]).toEqual([
      '2023-11-14T22-13-20Z',
      '2023-11-14T22-13-20Z-2',
      'warm-up',
    ]);
    for (const each of [first, second, named]) await each.close();
    await expect(recorderOf({ name: '../x' })).rejects.toThrow(/name is/);
    await expect(recorderOf({ name: 'warm-up' })).rejects.toThrow(/was closed at/);
  });

  test('closes files of a size, packs them, and each line is in exactly one', async () => {
    const recorder = await recorderOf({ segmentBytes: 4_000 });
    await feed(recorder, 200);
    await recorder.close();
    const names = readdirSync(recorder.paths.raw);

    expect(names).toContain('pipeline.1.jsonl.gz');
    expect(names).toContain('benchlab.1.jsonl.gz');
    expect(names.filter((name) => name.endsWith('.part') || /\.\d+\.jsonl$/.test(name))).toEqual([]);
    expect((await readSession(recorder.paths.folder)).raw.events).toHaveLength(400);
  });

  test('is one at a time: another process is refused while it lives', async () => {
    const recorder = await recorderOf({ name: 'one' });

    await expect(recorderOf({ name: 'one' })).rejects.toThrow(/is being written by process \d+/);
    expect((await lockState(recorder.paths.folder)).state).toBe('held');
    await recorder.close();
    expect((await lockState(recorder.paths.folder)).state).toBe('free');
  });

  test('takes marks of other processes, once each', async () => {
    const recorder = await recorderOf();
    await markSession(recorder.paths.folder, { timeNs: 7, name: 'retina_start' });
    await recorder.flush();
    await markSession(recorder.paths.folder, { timeNs: 8, name: 'retina_end' });
    await recorder.flush();
    expect(fileOf(recorder).bookmarks).toEqual([
      { timeNs: 7, name: 'retina_start' },
      { timeNs: 8, name: 'retina_end' },
    ]);
    await recorder.close();

    expect(fileOf(recorder).bookmarks).toHaveLength(2);
    await expect(markSession(recorder.paths.folder, { timeNs: 9, name: 'x' })).rejects.toThrow(/is not being recorded/);
    await expect(markSession(recorder.paths.folder, { timeNs: 9, name: 'a\nb' })).rejects.toThrow(/name is/);
  });

  test('a mark that comes after the last line was written is kept', async () => {
    // Files are closed after their last line, and before the rows are made again.
    const openStream: OpenStream = async (path) => {
      const handle = await open(path, 'a+');
      const close = async () => {
        if (path.endsWith('pipeline.jsonl')) await markSession(recorder.paths.folder, { timeNs: 11, name: 'end' });
        await handle.close();
      };
      return {
        write: (bytes: Buffer, offset: number, length: number, position: number) =>
          handle.write(bytes, offset, length, position),
        datasync: () => handle.datasync(),
        truncate: (length: number) => handle.truncate(length),
        stat: () => handle.stat(),
        close,
      } as unknown as Awaited<ReturnType<OpenStream>>;
    };
    const recorder: SessionRecorder = await recorderOf({ openStream });
    await feed(recorder, 3);

    expect((await recorder.close()).session.bookmarks).toEqual([{ timeNs: 11, name: 'end' }]);
    expect(fileOf(recorder).bookmarks).toEqual([{ timeNs: 11, name: 'end' }]);
  });

  test('an event that the reader would refuse is counted, and ends nothing', async () => {
    const recorder = await recorderOf();
    recorder.stage({ ...stage('in', 1, 0), timeNs: Number.NaN });
    recorder.stage(stage('in', 1, 0));
    const { lines } = await recorder.close();

    expect(lines).toBe(1);
    expect(recorder.refused).toMatchObject({ count: 1, reason: expect.stringMatching(/timeNs/) });
  });

  test('what several sources refuse is counted together', async () => {
    const recorder = await recorderOf();
    recorder.rejected({ source: 'a', reason: 'line 1: no stage', count: 1 });
    recorder.rejected({ source: 'a', reason: 'line 9: no stage', count: 4 });
    recorder.rejected({ source: 'b', reason: 'line 2: no time', count: 2 });
    recorder.stage({ ...stage('in', 1, 0), timeNs: Number.NaN });
    recorder.rejected({ source: 'b', reason: 'line 3: no time', count: 3 });
    await recorder.close();

    expect(recorder.refused).toEqual({ count: 8, reason: 'b: line 3: no time' });
  });

  test('wrong options are refused by their names', async () => {
    await expect(recorderOf({ windowMs: -1 })).rejects.toThrow(/windowMs/);
    await expect(sessionRecorder({ dataRoot, clock, unknown: 1 } as never)).rejects.toThrow(/unknown/);
    writeFileSync(join(dataRoot, 'file'), '');
    await expect(sessionRecorder({ dataRoot: join(dataRoot, 'file'), clock })).rejects.toThrow(/cannot be made/);
  });
});

describe('a full disk', () => {
  /** Files of the system that take nothing while `isFull`, but a part of the first line. */
  function fullable(disk: { isFull: boolean }): OpenStream {
    return async (path) => {
      const file = await open(path, 'a+');
      await file.close();
      const handle = await open(path, 'r+');
      return {
        async write(bytes: Buffer, offset: number, length: number, position: number) {
          if (!disk.isFull) return handle.write(bytes, offset, length, position);
          await handle.write(bytes, offset, Math.min(10, length), position);
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
        },
        datasync: () => handle.datasync(),
        truncate: (length: number) => handle.truncate(length),
        stat: () => handle.stat(),
        close: () => handle.close(),
      } as unknown as Awaited<ReturnType<OpenStream>>;
    };
  }

  test('stops whole, is reported once, and loses nothing when it has room again soon', async () => {
    const disk = { isFull: false };
    const troubles: string[] = [];
    const recorder = await recorderOf({ openStream: fullable(disk), onTrouble: (what) => troubles.push(what) });
    await feed(recorder, 10);
    await recorder.flush();
    disk.isFull = true;
    await feed(recorder, 10, 10);
    await recorder.flush();
    await recorder.flush();
    const lines = readFileSync(join(recorder.paths.raw, 'pipeline.jsonl'), 'utf8');
    expect(lines.endsWith('}\n')).toBe(true);
    expect(troubles).toEqual([expect.stringMatching(/cannot be written: ENOSPC.*Lines wait until there is room/)]);
    expect(recorder.trouble).toMatch(/ENOSPC/);
    disk.isFull = false;
    await recorder.flush();
    expect(recorder.trouble).toBeUndefined();
    expect(troubles[1]).toMatch(/is written again. No line was lost/);
    await recorder.close();

    expect((await readSession(recorder.paths.folder)).raw.events).toHaveLength(40);
    expect(fileOf(recorder).holes).toEqual([]);
  });

  test('what finds no room in memory either is a hole in session.json', async () => {
    const disk = { isFull: true };
    const recorder = await recorderOf({ openStream: fullable(disk), onTrouble: () => undefined });
    await recorder.flush();
    const long = 'x'.repeat(120);
    for (let k = 0; k < 100_000; k++) recorder.stage({ ...stage(long, k, k / 1e3), frameId: `${long}${k % 1_000}` });
    await recorder.flush();
    expect(recorder.dropped).toBeGreaterThan(20_000);
    disk.isFull = false;
    await recorder.flush();

    const [hole, ...others] = fileOf(recorder).holes;
    expect(others).toEqual([]);
    expect(hole?.reason).toMatch(/^\d+ lines were dropped: /);
    expect(hole?.toNs).toBe(1e9 + 99_999 * 1e3);
    await recorder.close();
    expect((await readSession(recorder.paths.folder)).raw.refused.count).toBe(0);
  });

  test('at the end is an error that states what to do, and the session is released', async () => {
    const disk = { isFull: true };
    const recorder = await recorderOf({ openStream: fullable(disk) });
    recorder.stage(stage('in', 1, 0));

    await expect(recorder.close()).rejects.toThrow(/The last lines of .* could not be written: ENOSPC/);
    expect((await lockState(recorder.paths.folder)).state).toBe('free');
  });
});

describe('a recording that was cut off', () => {
  async function cutOff(): Promise<SessionRecorder> {
    const recorder = await recorderOf({ name: 'run', segmentBytes: 8_000 });
    await feed(recorder, 100);
    await recorder.flush();
    recorder.stage(stage('ingress', 900, (clock.nowNs() - 1e9) / 1e6));
    await recorder.flush();
    // A process that is gone packs nothing: this one has to finish first.
    await vi.waitUntil(() => readdirSync(recorder.paths.raw).every((name) => !/\.(?:\d+\.jsonl|part)$/.test(name)));
    await markSession(recorder.paths.folder, { timeNs: 5, name: 'late' });
    die(recorder);
    appendFileSync(join(recorder.paths.raw, 'pipeline.jsonl'), '{"ts_ns":123,"source":"pipe');
    appendFileSync(join(recorder.paths.aligned, 'latency.jsonl'), '{"ts_aligned_ns":1');
    return recorder;
  }

  test('is continued by its name: no row is lost, none is there twice, and a frame between two stages is found', async () => {
    await cutOff();
    const recorder = await recorderOf({ name: 'run' });
    expect(recorder.repairs.join('\n')).toMatch(/raw\/pipeline.jsonl: a line of 27 bytes without an end was cut off/);
    recorder.stage(stage('encoded', 900, (clock.nowNs() - 1e9) / 1e6 + 9));
    await feed(recorder, 100, 100);
    await clock.advanceMs(1_000);
    await recorder.flush();
    const live = rowsOf(recorder).trimEnd().split('\n');
    const { rows } = await recorder.close();
    const final = rowsOf(recorder).trimEnd().split('\n');

    expect(rows).toBe(201);
    expect(new Set(live).size).toBe(live.length);
    expect(live.toSorted()).toEqual(final.toSorted());
    expect(final.some((line) => line.includes('"frame_id":"900"'))).toBe(true);
    expect(fileOf(recorder)).toMatchObject({ bookmarks: [{ name: 'late' }] });
    expect((await readSession(recorder.paths.folder)).raw.refused.count).toBe(0);
  });

  test('keeps its live rows when its lines cannot be read', async () => {
    const { paths } = await cutOff();
    const before = readFileSync(join(paths.aligned, 'latency.jsonl'), 'utf8');
    const unreadable = { ...paths, raw: paths.file };

    await expect(replay(unreadable, new LiveAlign(), [])).rejects.toThrow(/ENOTDIR/);
    expect(readFileSync(join(paths.aligned, 'latency.jsonl'), 'utf8')).toBe(before);
  });

  test('is repaired on demand, and closed at its last line', async () => {
    const { paths } = await cutOff();
    const repairs = await repairSession(paths.folder);

    expect(repairs).toEqual([
      'raw/pipeline.jsonl: a line of 27 bytes without an end was cut off',
      'aligned/latency.jsonl: a line of 18 bytes without an end was cut off',
      expect.stringMatching(/^session.json: the recording was cut off; closed at 20\d\d-/),
    ]);
    expect(await repairSession(paths.folder)).toEqual([]);
    const file = parseSessionFile(readFileSync(paths.file, 'utf8'), paths.file);
    expect(file.closedAt).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(file.bookmarks).toEqual([{ timeNs: 5, name: 'late' }]);
    expect(existsSync(join(paths.folder, 'marks.jsonl'))).toBe(false);
  });

  test('a packed segment that was cut is kept as the lines that can be read of it', async () => {
    const { paths } = await cutOff();
    const name = readdirSync(paths.raw).find((each) => each.endsWith('.gz')) ?? '';
    const packed = readFileSync(join(paths.raw, name));
    writeFileSync(join(paths.raw, name), packed.subarray(0, packed.length - 20));
    writeFileSync(join(paths.raw, 'benchlab.9.jsonl.gz.part'), 'x');
    const repairs = await repairSession(paths.folder);

    expect(repairs).toContain('raw/benchlab.9.jsonl.gz.part: removed, it was not complete');
    expect(repairs.join('\n')).toMatch(/\.jsonl\.gz: unexpected end of file; the \d+ lines before it are in /);
    expect((await readSession(paths.folder)).raw.cut).toEqual([]);
  });

  test.each([
    ['is missing', undefined],
    ['is half written', '{"schema":"benchlab-otel/session","ver'],
  ])('a session.json that %s is written from what the lines state', async (_, text) => {
    const { paths } = await cutOff();
    rmSync(paths.file);
    if (text !== undefined) writeFileSync(paths.file, text);
    expect((await repairSession(paths.folder)).at(-1)).toMatch(/written from what the lines state/);
    const file = parseSessionFile(readFileSync(paths.file, 'utf8'), paths.file);

    expect(file).toMatchObject({ name: 'run', sources: [{ id: 'benchlab.usb', simulated: true }, { id: 'pipeline' }] });
    expect(existsSync(`${paths.file}.broken`)).toBe(text !== undefined);
  });

  test('a session.json of a newer version is left as it is', async () => {
    const { paths } = await cutOff();
    const text = JSON.stringify({ schema: 'benchlab-otel/session', version: 2 });
    writeFileSync(paths.file, text);

    expect((await repairSession(paths.folder)).at(-1)).toMatch(/it was left as it is/);
    expect(readFileSync(paths.file, 'utf8')).toBe(text);
  });

  test('one of a host that has started again since is not continued: its clock has begun again', async () => {
    const { paths } = await cutOff();
    const owner = JSON.parse(readFileSync(paths.lock, 'utf8'));
    writeFileSync(paths.lock, JSON.stringify({ ...owner, bootId: 'other' }));

    await expect(recorderOf({ name: 'run' })).rejects.toThrow(/before the host started again/);
  });

  test('a lock that is not one is taken over, once it is old', async () => {
    const { paths } = await cutOff();
    writeFileSync(paths.lock, 'rubbish');
    expect((await lockState(paths.folder)).state).toBe('held');
    const { utimesSync } = await import('node:fs');
    utimesSync(paths.lock, 1, 1);

    expect((await lockState(paths.folder)).state).toBe('stale');
    await (await recorderOf({ name: 'run' })).close();
  });
});

test('a folder with lines of another program is not written into', async () => {
  const recorder = await recorderOf({ name: 'dev' });
  recorder.stage(stage('in', 1, 0));
  await recorder.close();
  rmSync(recorder.paths.file);

  await expect(recorderOf({ name: 'dev' })).rejects.toThrow(/has lines of another program/);
  await expect(repairSession(join(dataRoot, 'sessions'))).rejects.toThrow(/is not a session/);
});
