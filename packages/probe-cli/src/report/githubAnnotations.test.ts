import type { Judgement } from '@benchlab-otel/analysis';
import { describe, expect, it } from 'vitest';
import { githubAnnotations } from './githubAnnotations.ts';
import { evil, runResult } from './result.suite.ts';

describe('annotations for GitHub', () => {
  it('are an error for what failed, and a warning for what is undecided and for trouble', () => {
    const lines = githubAnnotations(
      runResult({ child: { code: 143, signal: 'SIGTERM' }, troubles: ['2 spans were lost'] }),
    );

    expect(lines).toEqual([
      '::error title=the program failed::It ended with signal SIGTERM.',
      expect.stringMatching(/^::error title=budget failed::joules\(price\) < 1 J: observed 3\.65 J, 95 %25 interval/),
      expect.stringMatching(/^::warning title=budget is inconclusive::joules\(checkout\) < 16 J: observed/),
      expect.stringMatching(/^::warning title=budget is inconclusive::count\(chekout\) < 3: nothing observed/),
      '::warning title=trouble::2 spans were lost',
    ]);
    expect(githubAnnotations(runResult({ verdicts: [] }))).toEqual([]);
  });

  it('are at most ten of a kind: the tenth states how many there are besides', () => {
    const failed = (count: number): readonly Judgement[] =>
      Array.from({ length: count }, (_, k) => ({ kind: 'presence', name: `span ${k}`, outcome: 'fail' }));
    const lines = (count: number) =>
      githubAnnotations(runResult({ verdicts: [], judgements: failed(count), troubles: ['t'] }));

    expect(lines(10)).toHaveLength(11);
    expect(lines(10).at(-2)).toContain('span 9');
    expect(lines(12)).toHaveLength(11);
    expect(lines(12)[9]).toBe('::error title=benchlab-probe::and 3 more errors: the log has all of them');
  });

  it('are one line each, for a name with any characters', () => {
    const [line = '', ...more] = githubAnnotations(
      runResult({ verdicts: [], judgements: [{ kind: 'presence', name: evil.repeat(50), outcome: 'fail' }] }),
    );

    expect(more).toEqual([]);
    for (const character of ['\r', '\n', '\x1b']) expect(line).not.toContain(character);
    expect(line).toContain('%250A]]>');
    expect(line.length).toBeLessThan(2_000);
  });
});
