// Comparisons with a commit, in a repository of the test.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemProgram } from '@benchlab-otel/hw-receivers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bin, startNode } from '../host/childProbe.suite.ts';
import { sender } from './sender.suite.ts';

vi.setConfig({ testTimeout: 120_000 });

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'benchlab-compare-ref-')));
afterAll(() => rmSync(folder, { recursive: true }));

/** Enough of a bound for every decision on figures without noise. */
const bound = ['--max-pairs', '30'];

// Everything else needs Node alone.
describe.skipIf(systemProgram('git') === undefined)('a comparison with --baseline-ref', () => {
  const repository = join(folder, 'repository');
  const temporary = join(folder, 'temporary');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: repository,
      encoding: 'utf8',
      // Without what the user has set, and without the repository of a hook that this test may run in.
      env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    }).trim();

  /** In a process of its own, whose folder is that repository. */
  const inRepository = (args: readonly string[]) =>
    startNode([bin, 'run', ...args], { TMPDIR: temporary }, undefined, join(repository, 'app'));
  const left = () => [readdirSync(temporary), git('worktree', 'list').split('\n').length];

  beforeAll(() => {
    mkdirSync(join(repository, 'app'), { recursive: true });
    mkdirSync(temporary);
    git('init', '--quiet', '--initial-branch', 'main');
    writeFileSync(join(repository, '.gitignore'), 'built.json\n');
    writeFileSync(join(repository, 'app/work.json'), '100');
    writeFileSync(join(repository, 'app/main.cjs'), sender({ checkout: "[require(process.cwd() + '/built.json')]" }));
    // A hook of the user would run in the tree of the baseline.
    writeFileSync(join(repository, '.git/hooks/post-checkout'), '#!/bin/sh\necho hook > "$PWD/hooked"\nexit 1\n', {
      mode: 0o755,
    });
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
    git('tag', 'v1');
  });

  const budget = ['--budget', 'p95(checkout) < 1.05 x baseline', '--warmup', '0', ...bound];
  const prepare = ['--prepare', 'cp work.json built.json'];

  it('builds and runs each tree, names changed files, and removes the tree of the baseline', async () => {
    writeFileSync(join(repository, 'app/work.json'), '150');
    const file = join(folder, 'ref.json');

    const running = inRepository([
      '--baseline-ref',
      'v1',
      ...prepare,
      ...budget,
      '--max-time',
      '1ms',
      '--json',
      file,
      '--',
      'node',
      'main.cjs',
    ]);
    const { code, out, err } = await running.ended;

    expect(err).toMatch(
      /preparing the baseline v1 \([0-9a-f]{7}\): cp work\.json built\.json\n.*preparing the working tree: cp/,
    );
    expect(out).toMatch(/^compared +1 pair .* with v1 \([0-9a-f]{7}\)$/m);
    expect(out).toMatch(/^INCONCLUSIVE .* ratio 1\.50, .*candidate 150 ms, baseline 100 ms, 1 pair/m);
    expect(out).toMatch(
      /^note +the working tree is not clean: the candidate is [0-9a-f]{7} with 1 file changed or new$/m,
    );
    expect(code).toBe(98);
    expect(JSON.parse(readFileSync(file, 'utf8')).comparison.baseline).toEqual({
      kind: 'ref',
      command: null,
      ref: 'v1',
      commit: git('rev-parse', 'v1'),
      candidateCommit: git('rev-parse', 'HEAD'),
      changedFiles: 1,
    });
    expect(left()).toEqual([[], 1]);
  });

  it('names the tree that does not build, and leaves nothing', async () => {
    writeFileSync(join(repository, 'app/only-here'), '');

    const running = inRepository([
      '--baseline-ref',
      'v1',
      '--prepare',
      'cat only-here',
      ...budget,
      '--',
      'node',
      'main.cjs',
    ]);
    const { code, err } = await running.ended;

    expect(err).toMatch(
      /the baseline v1 \([0-9a-f]{7}\) does not build: --prepare "cat only-here" ended there with exit code 1\. .*\n +\| cat: .*only-here/,
    );
    expect(code).toBe(97);
    expect(left()).toEqual([[], 1]);
  });

  it('ends with 98 and no tree when a signal comes while a tree is built', async () => {
    const running = inRepository([
      ...['--baseline-ref', 'v1', '--prepare', 'sleep 60; sleep 60', ...budget, '--', 'node', 'main.cjs'],
    ]);
    await running.shown(/preparing the baseline/);

    running.child.kill('SIGINT');

    expect(await running.ended).toMatchObject({
      code: 98,
      err: expect.stringContaining('a signal ended the comparison before its first run'),
    });
    expect(left()).toEqual([[], 1]);
  });

  it('removes it after a signal, too', async () => {
    const running = inRepository([
      '--baseline-ref',
      'v1',
      '--prepare',
      'cp work.json built.json; echo ready >&2',
      ...budget,
      '--json',
      join(folder, 'left.json'),
      '--',
      'node',
      'main.cjs',
    ]);
    await running.shown(/preparing the working tree/);
    await vi.waitFor(
      () =>
        expect(JSON.parse(readFileSync(join(folder, 'left.json'), 'utf8')).comparison.runs.length).toBeGreaterThan(1),
      { timeout: 60_000, interval: 20 },
    );

    running.child.kill('SIGINT');

    expect(await running.ended).toMatchObject({
      code: 98,
      out: expect.stringContaining('a signal ended the comparison'),
    });
    expect(left()).toEqual([[], 1]);
  });

  it.each(['there-is-no-such-ref', '--help', 'v1:app', ''])('refuses the ref "%s"', async (ref) => {
    const { code, err } = await inRepository(['--baseline-ref', ref, ...budget, '--', 'node', 'main.cjs']).ended;

    expect(err).toMatch(
      ref === ''
        ? /--baseline-ref <git-ref>' argument '' is invalid\. It is empty/
        : /--baseline-ref: ".*" is not a commit of .*shallow clone/,
    );
    expect(code).toBe(2);
    expect(left()).toEqual([[], 1]);
  });

  it('refuses an argument that both trees would share, a folder that the baseline lacks, and a folder without git', async () => {
    const shared = inRepository(['--baseline-ref', 'v1', ...budget, '--', 'node', join(repository, 'app/main.cjs')]);
    mkdirSync(join(repository, 'new'), { recursive: true });
    const lacking = startNode(
      [bin, 'run', '--baseline-ref', 'v1', ...budget, '--', 'true'],
      { TMPDIR: temporary },
      undefined,
      join(repository, 'new'),
    );
    const outside = startNode(
      [bin, 'run', '--baseline-ref', 'v1', ...budget, '--', 'true'],
      { TMPDIR: temporary, GIT_CEILING_DIRECTORIES: folder },
      undefined,
      temporary,
    );
    const ended = [await shared.ended, await lacking.ended, await outside.ended];

    expect(ended[0]?.err).toMatch(/"\S+main\.cjs" is in the working tree, so the baseline would run it, too/);
    expect(ended[1]?.err).toContain('The baseline has no folder new.');
    expect(ended[2]?.err).toMatch(/--baseline-ref: there is no working tree of git at /);
    expect(ended.map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(left()).toEqual([[], 1]);
  });
});
