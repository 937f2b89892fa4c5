import type { Judgement } from '@benchlab-otel/analysis';
import { describe, expect, it } from 'vitest';
import { comparisonExample, runResult } from './result.suite.ts';
import { exitCodeOfRun } from './result.ts';

describe('the exit code of a comparison', () => {
  const judgement = (outcome: 'pass' | 'fail' | 'inconclusive') =>
    ({ kind: 'comparison', name: 'p95(a) < baseline', outcome }) as const;

  it.each([
    ['decided', [judgement('pass')], {}, 0],
    ['decided', [judgement('pass'), judgement('fail')], {}, 99],
    ['pairs', [judgement('inconclusive')], {}, 98],
    ['pairs', [judgement('inconclusive'), judgement('fail')], {}, 99],
    ['decided', [judgement('pass')], { troubles: ['a board was lost'] }, 97],
    ['interrupted', [judgement('inconclusive')], { child: { code: 130, signal: 'SIGINT' } }, 98],
    ['candidate-failed', [judgement('inconclusive')], { child: { code: 7 } }, 7],
    ['baseline-failed', [judgement('inconclusive')], { child: { code: 7 }, troubles: ['the baseline ended'] }, 97],
  ] as const)('%s, %j, %j: %d', (end, judgements, more, code) => {
    const comparison = { ...comparisonExample(), end };
    expect(exitCodeOfRun(runResult({ verdicts: [], comparison, judgements, ...more }))).toBe(code);
  });

  it('is 98 before other trouble where missing telemetry left a question undecided, and 99 where another one failed', () => {
    const missing = { ...judgement('inconclusive'), telemetryIsMissing: true } as const;
    const codeOf = (...judgements: readonly Judgement[]) =>
      exitCodeOfRun(runResult({ verdicts: [], judgements, troubles: ['the program lost 900 spans'] }));

    expect(codeOf(judgement('pass'))).toBe(97);
    expect(codeOf(judgement('inconclusive'))).toBe(97);
    expect(codeOf(judgement('pass'), missing)).toBe(98);
    expect(codeOf(missing, judgement('fail'))).toBe(99);
  });
});
