import { describe, expect, it } from 'vitest';
import { parseRelativeBudget } from '../budget/relativeBudget.ts';
import { seededRandom } from '../random/random.ts';
import { BudgetComparison } from './budgetComparison.ts';
import { changeText, comparisonJudgement, figureText, intervalText, levelText } from './comparisonText.ts';
import { PairOrder } from './pairOrder.ts';
import type { RunFigure } from './runFigure.ts';

const gap: RunFigure = { missing: 'no samples fall on its calls', isGap: true };
const absent: RunFigure = { missing: 'it sent no span', isGap: false };
const of = (value: number): RunFigure => ({ value, calls: 20 });

function compared(
  text: string,
  runs: (pair: number) => readonly [candidate: RunFigure, baseline: RunFigure],
  most = 60,
) {
  const order = new PairOrder(seededRandom(4).uniform);
  const rules = { margin: 1.05, tests: 1, mostPairs: 60 };
  const comparison = new BudgetComparison(parseRelativeBudget(text), rules);
  for (let pair = 1; pair <= most && comparison.isOpen; pair++) comparison.add(...runs(pair), order.next());
  return comparison.verdict('60 pairs did not decide it', true);
}

/** Figures with 3 % of noise. */
function noisy(ratio: number) {
  const { gauss } = seededRandom(6);
  return (): readonly [RunFigure, RunFigure] => [
    of(0.2 * ratio * Math.exp(0.03 * gauss())),
    of(0.2 * Math.exp(0.03 * gauss())),
  ];
}

describe('a budget with a baseline', () => {
  it.each([
    ['p95(a) < baseline', 1, 'pass'],
    ['p95(a) < baseline', 1.1, 'fail'],
    ['p95(a) < 1.05 x baseline', 1, 'pass'],
    ['p95(a) < 1.05 x baseline', 1.15, 'fail'],
    ['p95(a) < 0.9 x baseline', 0.8, 'pass'],
    ['p95(a) < 0.9 x baseline', 1, 'fail'],
  ])('%s, for a candidate that is %d times it: %s', (text, ratio, outcome) => {
    const verdict = compared(text, noisy(ratio));

    expect(verdict.outcome).toBe(outcome);
    expect(Math.abs((verdict.estimate.ratio ?? 0) - ratio)).toBeLessThan(0.04);
    expect(verdict.candidate).toBeCloseTo(0.2 * ratio, 1);
    expect(verdict.detectable).toBeGreaterThan(verdict.limits.failAbove);
    expect(verdict.detectable).toBeLessThan(verdict.limits.failAbove * 1.08);
    expect(verdict.reason).toBeUndefined();
  });

  it('is undecided at its limit, with the reason', () => {
    expect(compared('p95(a) < 1.05 x baseline', noisy(1.05))).toMatchObject({
      outcome: 'inconclusive',
      pairs: 60,
      reason: '60 pairs did not decide it',
    });
  });

  it('is undecided at once where a program did not show what was asked', () => {
    const verdict = compared('p95(a) < baseline', (pair) => [pair < 3 ? of(1) : absent, of(1)]);

    expect(verdict).toMatchObject({
      outcome: 'inconclusive',
      pairs: 2,
      reason: 'the candidate has no figure in pair 3: it sent no span',
    });
    expect(compared('p95(a) < baseline', () => [of(1), absent]).reason).toBe(
      'the baseline has no figure in pair 1: it sent no span',
    );
  });

  it('is marked where spans of a run are missing, because that could change it', () => {
    const lost: RunFigure = { missing: 'spans are missing', isGap: false, spansAreMissing: true };
    const [marked, plain] = [lost, absent].map((figure) => compared('p95(a) < baseline', () => [figure, of(1)]));

    expect(marked && comparisonJudgement(marked)).toMatchObject({ outcome: 'inconclusive', telemetryIsMissing: true });
    expect(plain && comparisonJudgement(plain)).not.toHaveProperty('telemetryIsMissing');
  });

  it('leaves out a few pairs with gaps of the meter, and is undecided with many', () => {
    const few = compared('joules(a) < baseline', (pair) => [pair % 6 === 2 ? gap : of(3), of(3)]);
    const many = compared('joules(a) < baseline', (pair) => [of(3), pair % 2 === 1 ? gap : of(3)]);

    expect(few).toMatchObject({ outcome: 'pass', leftOut: 2 });
    expect(many).toMatchObject({
      outcome: 'inconclusive',
      reason: '3 of 5 pairs have no figure, the last one because of the baseline: no samples fall on its calls',
    });
  });

  it('on errors that never come passes, and states how many may hide', () => {
    expect(compared('errors(a) < baseline', () => [of(0), of(0)])).toMatchObject({
      outcome: 'pass',
      pairs: 8,
      reason: 'no call failed, on either side; at 95 %, 160 calls leave room for a share of 1.9 %',
    });
  });

  it('of equal figures passes, and would catch hardly any change less', () => {
    const verdict = compared('p95(a) < baseline', () => [of(0.1), of(0.1)]);
    expect(verdict).toMatchObject({ outcome: 'pass', estimate: { ratio: 1 } });
    expect(verdict.detectable).toBeLessThan(1.02);
  });

  it('without a pair has no figure, no interval and no change that it would catch', () => {
    const verdict = compared('p95(a) < baseline', noisy(1), 0);
    expect(verdict).toMatchObject({ pairs: 0, estimate: { ratio: undefined, low: 0, high: Infinity } });
    expect(verdict).not.toHaveProperty('candidate');
    expect(verdict).not.toHaveProperty('detectable');
    expect(comparisonJudgement(verdict)).not.toHaveProperty('observed');
  });
});

describe('its text', () => {
  it('is a judgement with ratio, interval, limit and pairs', () => {
    const judgement = comparisonJudgement(compared('p95(a) < baseline', noisy(1.1)));

    expect(judgement).toMatchObject({
      kind: 'comparison',
      name: 'p95(a) < baseline',
      outcome: 'fail',
      observed: expect.stringMatching(/^ratio 1\.\d\d, 95 % interval 1\.\d+ to 1\.\d+$/),
      limit: 'below 1 x baseline, with a margin of 1.05',
    });
    expect(comparisonJudgement(compared('p95(a) < 2 x baseline', noisy(1))).limit).toBe('below 2 x baseline');
  });

  it.each([
    [{ ratio: 1, low: 0, high: Infinity }, 'not bounded yet'],
    [{ ratio: 2, low: 1.02, high: Infinity }, 'above 1.02'],
    [{ ratio: 0, low: 0, high: 0.9 }, 'below 0.900'],
    [{ ratio: 1, low: 0.981, high: 1.043 }, '0.981 to 1.043'],
    [{ ratio: 1, low: 1, high: 1 }, '1.0000 to 1.0000'],
  ])('of the interval %j is %s', (estimate, text) => expect(intervalText(estimate)).toBe(text));

  it('of changes, levels and figures has their units', () => {
    expect([1.072, 0.97, 1.5].map(changeText)).toEqual(['+7.2 %', '-3.0 %', '+50 %']);
    expect([1, 3].map(levelText)).toEqual(['95 %', '98.3 %']);
    expect(figureText('p95', 0.21)).toBe('210 ms');
    expect(figureText('joules', 3)).toBe('3.00 J');
    expect(figureText('watts', 61.5)).toBe('61.5 W');
    expect(figureText('errors', 0.125)).toBe('12.5 %');
  });
});
