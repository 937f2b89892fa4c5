import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactStore } from '@benchlab-otel/enrichers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Ended, startProbe } from '../host/testHost.suite.ts';

let folder: string;
let report: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-artifacts-'));
  const store = artifactStore({ place: folder });
  await store.keep('stdout', 'built 3 kernels\n');
  report = (await store.keep('report', 'no fault\n'))?.sha256 ?? '';
});
afterEach(() => rmSync(folder, { recursive: true }));

const artifacts = (name: string, ...args: string[]): Promise<Ended> =>
  startProbe(['artifacts', name, '--folder', folder, ...args]).ended;

it('lists what is there, with what it is held for, as a table and as JSON', async () => {
  await artifacts('hold', report.slice(0, 8), '--until', '2099-12-31', '--reason', 'audit\u001b[31m 7');
  const { code, out, err } = await artifacts('list');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(
    new RegExp(`${report}  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d +9 B  2099-12-31  audit\\\\u001b\\[31m 7\\n`),
  );
  expect(out).toMatch(/\n2 artifacts, 25 B\n$/);
  const held = JSON.parse((await artifacts('list', '--held', '--json')).out);
  expect(held).toMatchObject({
    folder,
    artifacts: [{ sha256: report, sizeBytes: 9, hold: { by: expect.any(String) } }],
  });
});

it('gives an artifact by its first digits, as text and as a file, and nothing of one that is damaged', async () => {
  expect(await artifacts('get', report.slice(0, 6))).toMatchObject({ code: 0, out: 'no fault\n', err: '' });
  const file = join(folder, 'report.txt');
  expect(await artifacts('get', report, '--out', file)).toMatchObject({ code: 0, out: '' });
  expect(readFileSync(file, 'utf8')).toBe('no fault\n');
  rmSync(file);
  truncateSync(join(folder, report), 3);
  for (const out of [[], ['--out', file]]) {
    const ended = await artifacts('get', report, ...out);
    expect(ended).toMatchObject({ code: 97, out: '', err: expect.stringContaining('is damaged') });
  }
  expect(() => readFileSync(file)).toThrow('ENOENT');
});

it('holds, releases and prunes', async () => {
  const held = await artifacts('hold', report, '--until', '2099-12-31', '--reason', 'audit 7');
  expect(held).toMatchObject({ code: 0, out: `${report}: held until 2099-12-31T00:00:00.000Z: audit 7\n` });
  const pruned = await artifacts('prune', '--quota', '1B');
  expect(pruned).toMatchObject({
    code: 97,
    out: expect.stringMatching(/^removed: [0-9a-f]{64}, 16 B\n1 artifact removed; 1 left, 9 B\n$/),
    err: 'benchlab-probe: 8 B above the quota: what is left is on hold.\n',
  });
  const release = () => artifacts('release', report, '--reason', 'over');
  expect(await release()).toMatchObject({ code: 0, out: `${report}: released\n` });
  expect(await release()).toMatchObject({ code: 0, out: `${report}: was not on hold\n` });
  expect(readFileSync(join(folder, 'holds.log'), 'utf8').trim().split('\n')).toHaveLength(2);
  expect(await artifacts('prune', '--quota', '1B')).toMatchObject({ code: 0 });
});

it.each<[string, string[], string]>([
  ['a hash that is not there', ['get', 'abcdef0'], 'No artifact is named "abcdef0".'],
  ['a word that is not a hash', ['get', '../passwd'], 'No artifact is named "../passwd".'],
  ['too few digits', ['get', 'a'], 'Write at least 6 of the first digits'],
  ['two artifacts', ['get', 'abcdef', 'abcdee'], '2 artifacts were named.'],
  [
    'a time that is over',
    ['hold', '', '--until', '2001-01-01', '--reason', 'r'],
    '--until is "2001-01-01". It must be',
  ],
  ['a hold without a reason', ['hold', '', '--until', '2099-01-01'], '--reason'],
])('refuses %s', async (_, [name = '', word, ...more], message) => {
  const { code, out, err } = await artifacts(name, word === '' ? report : (word ?? ''), ...more);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
});

it('refuses a folder that is not there', async () => {
  const { code, err } = await startProbe(['artifacts', 'list', '--folder', join(folder, 'no')]).ended;
  expect(code).toBe(2);
  expect(err).toContain('has no artifacts: ENOENT');
  expect(err).toContain('Name the folder of a store with --folder.');
});
