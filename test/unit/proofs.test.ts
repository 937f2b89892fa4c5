import { expect, test } from 'vitest';
import { withRun } from '../../scripts/scale/page.mjs';

const run = {
  what: 'What it proves.',
  passed: true,
  date: '2026-01-02 03:04 UTC',
  commit: 'abc1234',
  seconds: 61.4,
  machine: '2 × CPU, 8 GiB, Node 20.19.0',
  figures: { 'run 1': '30 s, 5 passed' },
};

test('a run writes its section, and sections of other proofs stay as they are', () => {
  const first = withRun('', { ...run, name: 'second' });
  const both = withRun(first, { ...run, name: 'first', commit: 'def5678' });

  expect(both).toContain('# Proofs\n');
  expect(both.match(/^## .*/gm)).toEqual(['## first', '## second']);
  expect(both.slice(both.indexOf('## second'))).toBe(first.slice(first.indexOf('## second')));
  expect(both).toContain('| commit | def5678 |\n| machine | 2 × CPU, 8 GiB, Node 20.19.0 |\n| duration | 61 s |');
});

test('a run replaces the one before it, and a failure is recorded with its figures', () => {
  const before = withRun('', { ...run, name: 'calm' });
  const after = withRun(before, { ...run, name: 'calm', passed: false, fault: 'run 2: a | b\nfailed' });

  expect(after.match(/^## /gm)).toHaveLength(1);
  expect(after).toContain('| result | failed |');
  expect(after).toContain('| run 1 | 30 s, 5 passed |\n| fault | run 2: a \\| b failed |\n');
  expect(withRun(after, { ...run, name: 'calm' })).toBe(before);
});
