import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@benchlab-otel/core/testing';
import { afterAll, describe, expect, it } from 'vitest';
import type { Terminal } from '../host/terminal.ts';
import { durationIn, showProgress } from './progress.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-progress-'));
afterAll(() => rmSync(folder, { recursive: true }));

function shown(lastSeconds?: number) {
  const lines: string[] = [];
  const clock = new ManualClock();
  const terminal = { err: (line: string) => void lines.push(line) } as unknown as Terminal; // the one method that is used
  return { lines, clock, progress: showProgress({ terminal, clock }, lastSeconds) };
}

describe('the progress of a run', () => {
  it('is a line each ten seconds, until its end', async () => {
    const { lines, clock, progress } = shown();

    await clock.advanceMs(9900);
    expect(lines).toEqual([]);
    progress.add(3);
    await clock.advanceMs(200);
    progress.add(2);
    await clock.advanceMs(10000);
    progress.end();
    await clock.advanceMs(60000);

    expect(lines).toEqual(['benchlab-probe: 10 s, 3 spans\n', 'benchlab-probe: 20 s, 5 spans\n']);
  });

  it('has the time that is left, where an earlier run took a known time', async () => {
    const { lines, clock } = shown(25.4);

    for (let k = 0; k < 3; k++) await clock.advanceMs(10000);

    expect(lines).toEqual([
      'benchlab-probe: 10 s, 0 spans, about 15 s left (the last run took 25 s)\n',
      'benchlab-probe: 20 s, 0 spans, about 5 s left (the last run took 25 s)\n',
      'benchlab-probe: 30 s, 0 spans, longer than the last run\n',
    ]);
  });

  it.each([
    ['{"schema":"benchlab-probe/run","durationSeconds":12.5}', 12.5],
    ['{"schema":"benchlab-probe/run","durationSeconds":-1}', undefined],
    ['{"schema":"benchlab-probe/run","durationSeconds":"12"}', undefined],
    ['{"schema":"benchlab-probe/lint","durationSeconds":12}', undefined],
    ['[12]', undefined],
    ['not JSON', undefined],
  ])('takes that time from the report of an earlier run, and from nothing else: %s', async (text, seconds) => {
    const path = join(folder, 'run.json');
    writeFileSync(path, text);

    expect(await durationIn(path)).toBe(seconds);
    expect(await durationIn(join(folder, 'absent.json'))).toBeUndefined();
    expect(await durationIn(folder)).toBeUndefined();
  });
});
