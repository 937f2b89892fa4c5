import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { capframexProblems } from './capframexProblems.ts';
import { sixtyHertz } from './rows.suite.ts';
import { deliver, deliveryDelayMs, watchedFiles } from './watchFolder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-watch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const pair = { pair: ['in', 'out'] as const, rows: sixtyHertz(60), dropped: 2, unmatched: 0, repeated: 0 };
const files = (session: string) => watchedFiles({ pairs: [pair] }, session, { application: 'game.exe' });

test('a closed session is one file for each pair that has frames, which CapFrameX imports', () => {
  const [file, ...more] = watchedFiles(
    { pairs: [pair, { ...pair, pair: ['out', 'on'], rows: [] }] },
    '2025-11-11T14-30-00Z',
    { application: 'game.exe' },
  );

  expect(more).toEqual([]);
  expect(file?.name).toBe('2025-11-11T14-30-00Z-in_to_out.csv');
  expect(capframexProblems(file?.text ?? '')).toEqual([]);
  expect(file?.text).toContain('//Comment=2025-11-11T14-30-00Z; in to out; dropped: 2; simulated: true\n');
});

test('two sessions with the same frames have another id: CapFrameX would hide one of them', () => {
  const id = (session: string) => /^\/\/Id=(\w{32})\n/.exec(files(session)[0]?.text ?? '')?.[1];

  expect(id('a')).not.toBe(id('b'));
  expect(id('a')).toBe(id('a'));
});

test('a file comes by rename, a second try leaves it alone, and the rest of a killed one is removed', async () => {
  const file = { name: 'a.csv', text: 'x' };
  writeFileSync(join(folder, 'a.csv.part'), 'half');

  expect(await deliver(folder, file)).toEqual({ path: join(folder, 'a.csv'), isNew: true });
  expect(await deliver(folder, file)).toEqual({ path: join(folder, 'a.csv'), isNew: false });
  expect(readdirSync(folder)).toEqual(['a.csv']);
  expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toBe('x');
});

test('a share that is away is no error: the next try, when it is back, delivers', async () => {
  const share = join(folder, 'share');
  const file = { name: 'a.csv', text: 'x' };

  expect(await deliver(share, file)).toEqual({ away: expect.stringMatching(/ENOENT|no such file/) });
  mkdirSync(share);
  expect(await deliver(share, file)).toMatchObject({ isNew: true });
});

test('a folder with the name of the file is an error', async () => {
  mkdirSync(join(folder, 'a.csv'));

  await expect(deliver(folder, { name: 'a.csv', text: 'x' })).rejects.toThrow(/EISDIR/);
});

test('tries come after a second, then each twice as late, up to five minutes', () => {
  expect([1, 2, 3, 9, 10, 1_000].map(deliveryDelayMs)).toEqual([1_000, 2_000, 4_000, 256_000, 300_000, 300_000]);
});
