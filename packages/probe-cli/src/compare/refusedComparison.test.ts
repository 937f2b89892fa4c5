import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { probed } from '../host/testHost.suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-refused-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a comparison that is asked for wrongly is refused before anything starts', () => {
  const marker = join(folder, 'started');
  const budget = ['--budget', 'p95(a) < baseline'];
  const baseline = ['--baseline-cmd', `touch ${marker}`];

  it.each([
    [budget, /The budget "p95\(a\) < baseline" needs a baseline\. Add --baseline-cmd/],
    [['--warmup', '2'], /--warmup is for a comparison with a baseline/],
    [['--margin', '1.1'], /--margin is for a comparison/],
    [['--max-pairs', '20'], /--max-pairs is for a comparison/],
    [['--max-time', '5m'], /--max-time is for a comparison/],
    [['--prepare', 'make'], /--prepare is for a comparison/],
    [baseline, /There is a baseline, and no budget that compares with it/],
    [[...baseline, '--budget', 'p95(a) < 1 s'], /no budget that compares with it/],
    [[...baseline, ...budget, ...budget], /is there twice/],
    [[...baseline, '--budget', 'p95(a) > baseline'], /write < instead of >/],
    [['--baseline-cmd', ' ', ...budget], /--baseline-cmd <command>' argument ' ' is invalid\. It is empty/],
    [['--baseline-ref', '', ...budget], /--baseline-ref <git-ref>' argument '' is invalid\. It is empty/],
    [[...baseline, '--prepare', '', ...budget], /--prepare <command>' argument '' is invalid\. It is empty/],
    [[...baseline, '--baseline-ref', 'main', ...budget], /cannot be used with option/],
    [
      [...baseline, ...budget, '--warmup', '-1'],
      /--warmup <pairs>' argument '-1' is invalid\. Write a whole number from 0 to 100/,
    ],
    [[...baseline, ...budget, '--warmup', '1.5'], /from 0 to 100/],
    [[...baseline, ...budget, '--margin', '1'], /Write a ratio above 1, up to 2/],
    [[...baseline, ...budget, '--margin', '5%'], /Write a ratio above 1, up to 2/],
    [[...baseline, ...budget, '--max-pairs', '7'], /from 8 to 1000/],
    [[...baseline, ...budget, '--max-time', '0s'], /Write a number above 0/],
  ])('%j', async (args, message) => {
    const { code, err, out } = await probed('run', ...args, '--', 'touch', marker);

    expect(err).toMatch(message);
    expect(out).toBe('');
    expect(code).toBe(2);
    expect(existsSync(marker)).toBe(false);
  });
});
