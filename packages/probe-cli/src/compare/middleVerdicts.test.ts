import { parseBudget, type Verdict } from '@benchlab-otel/analysis';
import { expect, it } from 'vitest';
import { middleVerdicts } from './middleVerdicts.ts';

const budget = parseBudget('p95(a) < 250 ms');
const pass = (observed: number): Verdict => ({ budget, outcome: 'pass', observed, n: 9 });
const fail = (observed: number): Verdict => ({ budget, outcome: 'fail', observed, n: 9 });
const open: Verdict = { budget, outcome: 'inconclusive', n: 0, reason: 'no span' };

it.each([
  [[pass(0.1), fail(0.9), pass(0.2)], pass(0.2)],
  [[fail(0.9), fail(0.8), pass(0.2)], fail(0.8)],
  [[fail(0.9), pass(0.2)], fail(0.9)],
  [[fail(0.9), open, pass(0.2)], open],
  [[pass(0.1)], pass(0.1)],
])('of %j it takes the verdict of the run in the middle', (verdicts, middle) => {
  expect(middleVerdicts(verdicts.map((verdict) => [verdict]))).toEqual([middle]);
});

it('has a verdict for each budget, and none without a run', () => {
  expect(middleVerdicts([[pass(0.1), fail(0.3)]])).toEqual([pass(0.1), fail(0.3)]);
  expect(middleVerdicts([])).toEqual([]);
});
