import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { LiveAlign } from '../align/liveAlign.ts';
import { parseSessionFile } from '../folder/sessionFile.ts';
import { readSession } from '../readSession.ts';
import { replay } from './liveRows.ts';
import { markSession } from './marks.ts';
import { fileOf, recorderRig, rowsOf, stage } from './recorderRig.suite.ts';
import { repairSession } from './repairSession.ts';
import { lockState } from './sessionLock.ts';
import type { SessionRecorder } from './sessionRecorder.ts';

const rig = recorderRig();
const { recorderOf, feed, die } = rig;

describe('a recording that was cut off', () => {
  async function cutOff(): Promise<SessionRecorder> {
    const recorder = await recorderOf({ name: 'run', segmentBytes: 8_000 });
    await feed(recorder, 100);
    await recorder.flush();
    recorder.stage(stage('ingress', 900, (rig.clock.nowNs() - 1e9) / 1e6));
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
    recorder.stage(stage('encoded', 900, (rig.clock.nowNs() - 1e9) / 1e6 + 9));
    await feed(recorder, 100, 100);
    await rig.clock.advanceMs(1_000);
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

  test('is not continued once retention has removed its raw lines: its rows stay', async () => {
    const { paths } = await cutOff();
    for (const name of readdirSync(paths.raw)) rmSync(join(paths.raw, name));
    const before = readFileSync(join(paths.aligned, 'latency.jsonl'), 'utf8').replace(/[^\n]+$/, '');

    await expect(recorderOf({ name: 'run' })).rejects.toThrow(/raw lines of .* were removed/);
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
