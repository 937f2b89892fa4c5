import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { simulatedSource } from '@benchlab-otel/core/testing';
import type { LatencyRow } from '@benchlab-otel/wire';
import { describe, expect, test } from 'vitest';
import { readSession } from '../readSession.ts';
import { markSession } from './marks.ts';
import { sessionRecorder } from './openRecorder.ts';
import { fileOf, recorderRig, rowsOf, stage } from './recorderRig.suite.ts';
import { repairSession } from './repairSession.ts';
import { lockState } from './sessionLock.ts';
import type { SessionRecorder } from './sessionRecorder.ts';
import type { OpenStream } from './streamFile.ts';

const rig = recorderRig();
const { recorderOf, feed } = rig;

describe('a recording', () => {
  test('has the folders of the seed, lines of all sources, rows, and a session.json that is closed', async () => {
    const seen: LatencyRow[] = [];
    const recorder = await recorderOf({ tags: { driver: '535' }, comment: 'warm', onRow: (row) => seen.push(row) });
    await feed(recorder, 100);
    recorder.mark('half');
    expect(fileOf(recorder).closedAt).toBeUndefined();
    const { rows, lines, liveRowsBecause } = await recorder.close();

    expect(recorder.paths.folder).toBe(join(rig.dataRoot, 'sessions', '2023-11-14T22-13-20Z'));
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
    expect(rig.clock.pending).toBe(0);
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
    const meter = simulatedSource({ clock: rig.clock, watts: { system: 200 } });
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

  test('a session of more lines than its bound keeps the live rows, and one of power alone has none', async () => {
    const bounded = await recorderOf({ mostLinesAgain: 100 });
    await feed(bounded, 50);
    const closed = await bounded.close();
    expect(closed.liveRowsBecause).toBe('it has more than 100 lines');
    expect(rowsOf(bounded).trimEnd().split('\n')).toHaveLength(50);

    const power = await recorderOf({ mostLinesAgain: 0 });
    await simulatedSource({ clock: rig.clock, watts: { system: 200 }, id: '53494D' }).start(power);
    await rig.clock.advanceMs(500);
    const { rows, liveRowsBecause } = await power.close();
    expect([rows, liveRowsBecause]).toEqual([0, undefined]);
    await expect(recorderOf({ mostLinesAgain: 2_000_000 })).rejects.toThrow('mostLinesAgain');
  });

  test('wrong options are refused by their names', async () => {
    await expect(recorderOf({ windowMs: -1 })).rejects.toThrow(/windowMs/);
    await expect(sessionRecorder({ dataRoot: rig.dataRoot, clock: rig.clock, unknown: 1 } as never)).rejects.toThrow(
      /unknown/,
    );
    writeFileSync(join(rig.dataRoot, 'file'), '');
    await expect(sessionRecorder({ dataRoot: join(rig.dataRoot, 'file'), clock: rig.clock })).rejects.toThrow(
      /cannot be made/,
    );
  });
});

test('a folder with lines of another program is not written into', async () => {
  const recorder = await recorderOf({ name: 'dev' });
  recorder.stage(stage('in', 1, 0));
  await recorder.close();
  rmSync(recorder.paths.file);

  await expect(recorderOf({ name: 'dev' })).rejects.toThrow(/has lines of another program/);
  await expect(repairSession(join(rig.dataRoot, 'sessions'))).rejects.toThrow(/is not a session/);
});
