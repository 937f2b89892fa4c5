import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { notBrought } from '../../scripts/ci/programs.mjs';
import { countTests, minutes, runStep, summary } from '../../scripts/ci/steps.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-ci-test-'));
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe('a step of a CI run', () => {
  const step = (code: string, budgetSeconds: number) =>
    runStep({ name: 'step', command: process.execPath, args: ['--eval', code], budgetSeconds });

  test('passes within its budget', async () => {
    expect(await step('', 30)).toMatchObject({ name: 'step', budgetSeconds: 30, faults: [] });
  });

  test('fails with its exit code, with the signal that ended it, and when its program is not there', async () => {
    expect((await step('process.exit(3)', 30)).faults).toEqual(['exit 3']);
    expect((await step('process.kill(process.pid, "SIGTERM")', 30)).faults).toEqual(['exit SIGTERM']);
    const absent = await runStep({ name: 'absent', command: join(folder, 'absent'), args: [], budgetSeconds: 30 });
    expect(absent.faults).toEqual([expect.stringContaining('ENOENT')]);
  });

  test('over its budget is marked, and passes when its command succeeds', async () => {
    // Four budgets are what it may take at most.
    const { faults, seconds } = await step('setTimeout(() => {}, 600)', 0.5);
    expect(seconds).toBeGreaterThan(0.5);
    expect(faults).toEqual([]);
    expect(vi.mocked(console.log).mock.calls.flat().join('\n')).toContain('over its budget of 0:01');
  });

  test('that hangs is killed with what it started', async () => {
    const pidFile = join(folder, 'pid');
    const args = ['-c', `sleep 1000 & echo $! > ${pidFile}; wait`];
    const { faults } = await runStep({ name: 'hangs', command: 'sh', args, budgetSeconds: 0.5 });

    expect(faults).toEqual([expect.stringMatching(/^killed after 0:/)]);
    expect(isRunning(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
  });
});

/** A process that has ended and waits to be collected does not run. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the summary of a CI run', () => {
  const results = [
    { name: 'npm run test', seconds: 240, budgetSeconds: 300, faults: [] },
    { name: 'npm run check', seconds: 80, budgetSeconds: 60, faults: ['exit 1'] },
  ];

  test('has the time, the share and the budget of each step and of all', () => {
    expect(summary(results, 3600)).toEqual({
      isGood: false,
      lines: [
        'npm run test     4:00   75 %  of 5:00',
        'npm run check    1:20   25 %  of 1:00  over its budget  FAILED: exit 1',
        'total            5:20  100 %  of 60:00',
      ],
    });
  });

  test('fails when all steps together take too long', () => {
    const { isGood, lines } = summary(results.slice(0, 1), 200);
    expect(isGood).toBe(false);
    expect(lines.at(-1)).toContain('FAILED: over the budget of 3:20');
    expect(summary(results.slice(0, 1), 300).isGood).toBe(true);
  });

  test('counts the tests of all results, and a result that is not there or not JSON as one failure', () => {
    const good = join(folder, 'good.json');
    const bad = join(folder, 'bad.json');
    writeFileSync(good, JSON.stringify({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 }));
    writeFileSync(bad, '{');

    expect(countTests([good, good])).toEqual({ passed: 10, failed: 2, skipped: 6 });
    expect(countTests([good, bad, join(folder, 'absent.json')])).toEqual({ passed: 5, failed: 3, skipped: 3 });
  });

  test('writes times in minutes and seconds', () => {
    expect([0, 59.6, 245, 3600].map(minutes)).toEqual(['0:00', '1:00', '4:05', '60:00']);
  });
});

describe('the programs of a CI run', () => {
  const hook = fileURLToPath(new URL('../../scripts/ci/record-programs.cjs', import.meta.url));

  test('are written down however Node starts them, and those that are not there are not', () => {
    const log = join(folder, 'programs');
    const names = ['by-spawn', 'by-exec', 'by-exec-file', 'by-spawn-sync', 'by-exec-sync', 'by-exec-file-sync', 'own'];
    for (const name of names) writeFileSync(join(folder, name), '#!/bin/sh\n', { mode: 0o755 });
    const code = `
      import * as all from 'node:child_process';
      import { execFileSync, spawn } from 'node:child_process';
      spawn('by-spawn'); all.exec('by-exec --help'); all.execFile('by-exec-file'); all.spawnSync('by-spawn-sync');
      all.execSync('A=1 by-exec-sync'); execFileSync('by-exec-file-sync'); spawn('absent').on('error', () => {});
      all.spawnSync('own', [], { env: { PATH: '/nowhere' } });`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      encoding: 'utf8',
      env: { PATH: `${folder}:/bin`, NODE_OPTIONS: `--require="${hook}"`, CI_PROGRAMS_LOG: log },
    });

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const recorded = readFileSync(log, 'utf8').trim().split('\n');
    expect(recorded.filter((path) => path.startsWith(folder)).sort()).toEqual(
      names
        .filter((name) => name !== 'own')
        .map((name) => join(folder, name))
        .sort(),
    );
  });

  test('of the repository, of temporary folders and of the base system are left out', () => {
    const own = fileURLToPath(new URL('../../packages/probe-cli/bin/benchlab-probe.mjs', import.meta.url));
    const temporary = join(folder, 'program');
    writeFileSync(temporary, '', { mode: 0o755 });

    expect(notBrought([own, temporary, '/nowhere/gone', '', 'relative'])).toEqual([]);
    expect(notBrought([process.execPath, process.execPath])).toEqual([expect.stringMatching(/^node: /)]);
  });
});
