import { expect, test } from 'vitest';
import { capframexProblems } from './capframexProblems.ts';
import { sixtyHertz } from './rows.suite.ts';
import { watchedFiles } from './watchedFiles.ts';

const pair = {
  pair: ['in', 'out'] as const,
  rows: sixtyHertz(60),
  dropped: 2,
  droppedNs: [1, 2],
  unmatched: 0,
  repeated: 0,
};
const files = (session: string) => watchedFiles({ pairs: [pair] }, session, { application: 'game.exe', closedMs: 0 });

test('a closed session is one file for each pair that has frames, which CapFrameX imports', () => {
  const [file, ...more] = watchedFiles(
    { pairs: [pair, { ...pair, pair: ['out', 'on'], rows: [] }] },
    '2025-11-11T14-30-00Z',
    { application: 'game.exe', closedMs: 0 },
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
