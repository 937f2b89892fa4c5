// Comparisons with real programs that start fast and state the durations of their spans.
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
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
