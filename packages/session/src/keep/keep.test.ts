import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@benchlab-otel/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSession } from '../readSession.ts';
import { sessionRecorder } from '../recorder/openRecorder.ts';
import { pinSession } from './pinSession.ts';
import { finishRemovals, removeSession } from './removeSession.ts';
import { listSessions } from './sessionList.ts';

let dataRoot: string;
beforeEach(() => {
  dataRoot = mkdtempSync(join(tmpdir(), 'benchlab-keep-'));
});
afterEach(() => rmSync(dataRoot, { recursive: true }));

const clock = new ManualClock();
const record = async (name: string) => {
  const recorder = await sessionRecorder({ dataRoot, name, clock });
  recorder.stage({ timeNs: 1, uncertaintyNs: 0, stage: 'in', source: 'test' });
  return recorder;
};
const closed = async (name: string) => (await record(name)).close();
const named = async (name: string) => {
  const found = (await listSessions(dataRoot)).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};

test('sessions are listed with how they stand; links are not sessions', async () => {
  await closed('closed');
  const open = await record('open');
  const cut = await record('cut');
  await cut.flush();
  await cut.close();
  writeFileSync(cut.paths.file, '{');
  mkdirSync(join(dataRoot, 'sessions/foreign/raw'), { recursive: true });
  writeFileSync(join(dataRoot, 'sessions/foreign/raw/benchlab.jsonl'), 'x'.repeat(50));
  symlinkSync(join(dataRoot, 'sessions/closed'), join(dataRoot, 'sessions/link'));
  const listed = await listSessions(dataRoot);

  expect(listed.map(({ name, standing }) => [name, standing])).toEqual([
    ['closed', 'closed'],
    ['cut', 'unreadable'],
    ['foreign', 'foreign'],
    ['open', 'open'],
  ]);
  expect(listed[0]?.closedMs).toBe(1_700_000_000_000);
  expect(listed[2]).toMatchObject({ bytes: 50, rawBytes: 50 });
  await open.close();
  expect(await listSessions(join(dataRoot, 'nowhere'))).toEqual([]);
});

test('a session goes as a whole, or its raw lines alone, whose folder stays', async () => {
  await closed('a');
  const b = await record('b');
  b.stage({ timeNs: 5e6, uncertaintyNs: 0, stage: 'out', source: 'test' });
  await b.close();
  await removeSession({ session: await named('a'), what: 'all', bytes: 0, why: '' });
  await removeSession({ session: await named('b'), what: 'raw', bytes: 0, why: '' });

  expect(readdirSync(join(dataRoot, 'sessions'))).toEqual(['b']);
  expect(readdirSync(join(dataRoot, 'sessions/b')).sort()).toEqual(['aligned', 'cx-export', 'raw', 'session.json']);
  expect(await named('b')).toMatchObject({ standing: 'closed', rawBytes: 0 });
  const { pairs, isRowsAlone } = await readSession(join(dataRoot, 'sessions/b'));
  expect([isRowsAlone, pairs[0]?.rows.length, readdirSync(join(dataRoot, 'sessions/b/aligned'))]).toEqual([
    true,
    1,
    ['latency.jsonl.gz'],
  ]);
});

test('one that is being recorded is refused, and so is a link to a folder elsewhere', async () => {
  const open = await record('open');
  const session = await named('open');
  await expect(removeSession({ session, what: 'all', bytes: 0, why: '' })).rejects.toThrow(/is being written by/);
  await open.close();
  const elsewhere = join(dataRoot, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'file'), '');
  rmSync(open.paths.raw, { recursive: true });
  symlinkSync(elsewhere, open.paths.raw);
  await expect(removeSession({ session, what: 'raw', bytes: 0, why: '' })).rejects.toThrow(/or is a link to one/);
  await removeSession({ session, what: 'all', bytes: 0, why: '' });

  expect(readdirSync(elsewhere)).toEqual(['file']);
  expect(existsSync(open.paths.folder)).toBe(false);
});

test('what was being removed when the program was killed goes the next time', async () => {
  await closed('a');
  mkdirSync(join(dataRoot, 'sessions/.leaving-b/raw'), { recursive: true });
  mkdirSync(join(dataRoot, 'sessions/a/.leaving-raw'));
  await finishRemovals(dataRoot);

  expect(readdirSync(join(dataRoot, 'sessions'))).toEqual(['a']);
  expect(readdirSync(join(dataRoot, 'sessions/a'))).not.toContain('.leaving-raw');
});

test('a pin has a reason and a time, and is taken away again', async () => {
  const { paths } = await closed('a');
  await pinSession(paths.folder, 'baseline', Date.UTC(2026, 0, 1));
  expect((await named('a')).file?.pinned).toEqual({ reason: 'baseline', at: '2026-01-01T00:00:00.000Z' });
  await pinSession(paths.folder, undefined, 0);

  expect((await named('a')).file?.pinned).toBeUndefined();
  await expect(pinSession(paths.folder, ' ', 0)).rejects.toThrow(/reason/);
  await expect(pinSession(join(dataRoot, 'x'), 'r', 0)).rejects.toThrow(/cannot be read/);
  const open = await record('open');
  await expect(pinSession(open.paths.folder, 'r', 0)).rejects.toThrow(/is being written/);
  await open.close();
});
