import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSession } from '../readSession.ts';
import { fileOf, recorderRig, stage } from './recorderRig.suite.ts';
import { lockState } from './sessionLock.ts';
import type { OpenStream } from './streamFile.ts';

const rig = recorderRig();
const { recorderOf, feed } = rig;

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
