// Comparisons with real programs that start fast and state the durations of their spans.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemProgram } from '@benchlab-otel/hw-receivers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bin, startNode } from '../host/childProbe.suite.ts';
import { probed, startProbe } from '../host/testHost.suite.ts';
// Loaded here, so that its loading does not count into the first test.
import '../run/budgetedRun.ts';
import { sender } from './sender.suite.ts';

// Each test starts a program up to forty times, a quarter of a second each on a quiet machine.
vi.setConfig({ testTimeout: 120_000 });

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'benchlab-compare-')));
afterAll(() => rmSync(folder, { recursive: true }));

/** Enough of a bound for every decision on figures without noise. */
const bound = ['--max-pairs', '30'];
let files = 0;

/** A file with a program, and the line of a shell that runs it. */
function program(code: string): { path: string; line: string; words: readonly string[] } {
  const path = join(folder, `program-${files++}.cjs`);
  writeFileSync(path, code);
  return { path, line: `${process.execPath} ${path}`, words: [process.execPath, path] };
}

const steady = program(sender({ checkout: '[100, 110, 120]' }));

describe('a comparison with --baseline-cmd', () => {
  it('passes what is the same, fails what is slower once new pairs confirm it, and writes every run into the file', async () => {
    const file = join(folder, 'same.json');
    const old = program(sender({ checkout: '[100, 110, 120]', search: '[50]' }));
    const changed = program(sender({ checkout: '[100, 110, 120]', search: '[55]' }));

    const { code, out, err } = await probed(
      ...['run', '--baseline-cmd', old.line, '--budget', 'p95(checkout) < 1.05 x baseline', ...bound],
      ...['--budget', 'errors(checkout) < baseline', '--budget', 'p50(search) < baseline'],
      ...['--budget', 'count(checkout) >= 3', '--json', file, '--'],
      ...changed.words,
    );

    expect(err).not.toContain('ended');
    expect(out).toMatch(/^PASS +count\(checkout\) >= 3 +observed 3, n 3$/m);
    expect(out).toMatch(/^compared +\d+ pairs after 1 pair of warm-up, with /m);
    expect(out).toMatch(
      /^PASS +p95\(checkout\) < 1\.05 x baseline +ratio 1\.00, 98\.3 % interval 1\.0000 to 1\.0000, candidate 120 ms, baseline 120 ms, \d+ pairs$/m,
    );
    expect(out).toMatch(/^PASS +errors\(checkout\) < baseline .*no call failed, on either side/m);
    expect(out).toMatch(
      /^FAIL +p50\(search\) < baseline +ratio 1\.10, 98\.3 % interval 1\.1000 to 1\.1000, candidate 55\.0 ms, baseline 50\.0 ms, \d+ pairs$/m,
    );
    expect(out).toMatch(/^caught +p95\(checkout\) .*: on this noise, \+\S+ % would fail in 95 of 100/m);
    expect(out).toMatch(/^machine /m);
    expect(code).toBe(99);
    const { comparison, exitCode } = JSON.parse(readFileSync(file, 'utf8'));
    expect(exitCode).toBe(99);
    expect(comparison).toMatchObject({
      end: 'decided',
      warmupPairs: 1,
      maxPairs: 30,
      baseline: { kind: 'command', command: null },
    });
    const { alarmAfter, pairs } = comparison.budgets[2];
    expect(alarmAfter).toBeGreaterThan(0);
    expect(pairs).toBeGreaterThan(alarmAfter);
    const { runs } = comparison;
    expect(runs.map(({ pair }: { pair: number }) => pair)).toEqual(
      Array.from({ length: 2 * (comparison.pairs + 1) }, (_, run) => run >> 1),
    );
    expect(runs.map(({ isFirst }: { isFirst: boolean }) => isFirst)).toEqual(
      Array.from({ length: runs.length }, (_, run) => run % 2 === 0),
    );
    for (const { program: name, figures } of runs) {
      expect(figures).toEqual([expect.closeTo(0.12, 6), 0, expect.closeTo(name === 'candidate' ? 0.055 : 0.05, 6)]);
    }
  });

  it('is undecided at once, with the nearest name, when the baseline sends another operation', async () => {
    const other = program(sender({ chekout: '[100]' }));
    const none = program('');

    const [named, silent] = [
      await probed(
        'run',
        '--baseline-cmd',
        other.line,
        '--warmup',
        '0',
        '--budget',
        'p95(checkout) < baseline',
        '--',
        ...steady.words,
      ),
      await probed(
        'run',
        '--baseline-cmd',
        none.line,
        '--warmup',
        '0',
        '--budget',
        'p95(checkout) < baseline',
        '--',
        ...steady.words,
      ),
    ];

    expect(named.out).toMatch(
      /^INCONCLUSIVE .*the baseline has no figure in pair 1: it sent no span named "checkout"; did you mean chekout\?/m,
    );
    expect(silent.out).toMatch(/^INCONCLUSIVE .*the baseline has no figure in pair 1: it sent no span$/m);
    expect([named.code, silent.code]).toEqual([98, 98]);
  });

  it('is undecided when no more pairs, or no more time, are allowed', async () => {
    const [a, b] = ['--max-pairs', '--max-time'];
    const file = join(folder, 'noise.json');
    // One takes 100 and 200 ms in turns, the other 200 and 100: in every order, each second pair has a ratio of 2.
    const inTurns = (first: number) => {
      const counter = join(folder, `counter-${first}`);
      const count = `const fs = require('fs');
        fs.appendFileSync('${counter}', 'x');
        const runs = fs.readFileSync('${counter}').length;`;
      return program(sender({ checkout: `[100 * (1 + (runs + ${first}) % 2)]` }, count));
    };
    const [noisy, other] = [inTurns(0), inTurns(1)];
    const args = ['--baseline-cmd', other.line, '--warmup', '0', '--budget', 'p95(checkout) < baseline'];

    const pairs = await probed('run', ...args, a, '8', '--json', file, '--', ...noisy.words);
    const time = await probed('run', ...args, b, '1ms', '--', ...noisy.words);

    expect(pairs.out).toMatch(/^INCONCLUSIVE .*8 pairs did not decide it, and --max-pairs allows no more$/m);
    expect(time.out).toMatch(/^INCONCLUSIVE .*1 pair did not decide it, and --max-time allows no more$/m);
    expect([pairs.code, time.code]).toEqual([98, 98]);
    expect(JSON.parse(readFileSync(file, 'utf8')).comparison).toMatchObject({ end: 'pairs', pairs: 8 });
  });

  it('ends with 97 when the baseline fails, and with the code of the candidate when that fails; what they wrote is shown', async () => {
    const failing = program("console.log('first line'); console.error('no such table'); process.exit(7)");
    const budget = ['--budget', 'p95(checkout) < baseline'];

    const baseline = await probed('run', '--baseline-cmd', failing.line, ...budget, '--', ...steady.words);
    const candidate = await probed('run', '--baseline-cmd', steady.line, ...budget, '--', ...failing.words);

    expect(baseline.err).toMatch(/the baseline ended with exit code 7 in the warm-up; it wrote:\n {2}\| /);
    expect(baseline.err).toContain('  | no such table\n');
    expect(baseline.out).toMatch(/^trouble +the baseline ended with exit code 7 in the warm-up$/m);
    expect(baseline.out).toMatch(/^INCONCLUSIVE .*the baseline failed after 0 pairs$/m);
    expect(baseline.code).toBe(97);
    expect(candidate.err).toContain('the candidate ended with exit code 7 in the warm-up; it wrote:');
    expect(candidate.code).toBe(7);
  });

  it('refuses a baseline that the shell does not find, before the candidate has run', async () => {
    const marker = join(folder, 'ran');

    const { code, err } = await probed(
      ...[
        'run',
        '--baseline-cmd',
        'there-is-no-such-program --x',
        '--budget',
        'p95(a) < baseline',
        '--',
        'touch',
        marker,
      ],
    );

    expect(err).toMatch(
      /--baseline-cmd "there-is-no-such-program --x" cannot be run: the shell found no such program \(exit code 127\)/,
    );
    expect(code).toBe(2);
    expect(existsSync(marker)).toBe(false);
  });

  it('is left by a signal with the report of the pairs that there are, and 98', async () => {
    const file = join(folder, 'interrupted.json');
    const waiting = program(
      sender({ checkout: '[100]' }, 'const until = Date.now() + 150; while (Date.now() < until);'),
    );
    const running = startProbe([
      ...['run', '--baseline-cmd', waiting.line, '--budget', 'p95(checkout) < baseline', '--json', file, '--'],
      ...waiting.words,
    ]);
    await vi.waitFor(() => expect(JSON.parse(readFileSync(file, 'utf8')).comparison.pairs).toBeGreaterThanOrEqual(2), {
      timeout: 60_000,
      interval: 20,
    });

    running.send('SIGINT');

    const { code, out } = await running.ended;
    expect(out).toMatch(/^INCONCLUSIVE .*a signal ended the comparison after \d+ pairs$/m);
    expect(code).toBe(98);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ exitCode: 98, comparison: { end: 'interrupted' } });
    expect(running.listeners).toBe(0);
  });

  // A host that stops the emulated board leaves a gap in the samples, and the pair without a figure.
  it('compares simulated power where that is allowed, and refuses it otherwise', { retry: 3 }, async () => {
    const slow = program(sender({ checkout: '[300]' }, 'const until = Date.now() + 400; while (Date.now() < until);'));
    const args = [
      'run',
      '--simulate',
      '--baseline-cmd',
      slow.line,
      '--warmup',
      '0',
      '--max-pairs',
      '8',
      '--budget',
      'watts() < 1.5 x baseline',
    ];

    const refused = await probed(...args, '--', ...slow.words);
    const allowed = await probed(...args, '--allow-simulated', '--', ...slow.words);

    expect(refused.err).toContain('The board is simulated, and the budget "watts() < 1.5 x baseline" is about energy.');
    expect(refused.code).toBe(2);
    expect(allowed.out).toMatch(
      /^(?:PASS|INCONCLUSIVE) +watts\(\) < 1\.5 x baseline .*candidate \d+\S* W, baseline \d+\S* W, \d+ pairs.*, on simulated readings/m,
    );
  });
});

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
