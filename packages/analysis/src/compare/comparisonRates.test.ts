import { describe, expect, it } from 'vitest';
import { expectPageRegion } from '../energy/pageRegion.suite.ts';
import { noiseModels } from './testing/noise.ts';
import { type Rates, simulatedComparisons } from './testing/simulatedComparisons.ts';

const count = 1_000;
/** `< baseline` with the default margin, and `< 1.05 × baseline`. */
const belowBaseline = { failAbove: 1, passBelow: 1.05 };
const belowFactor = { failAbove: 1.05, passBelow: 1.05 };

const share = (part: number) => `${((100 * part) / count).toFixed(1)} %`;
const rows: string[] = [];

describe.each(noiseModels)('1,000 simulated comparisons each on noise of "$name"', (model) => {
  const rates: Record<'same' | 'worse5' | 'harmless' | 'worse10', Rates> = {
    same: simulatedComparisons(model, 1, belowBaseline, count),
    worse5: simulatedComparisons(model, 1.05, belowBaseline, count),
    harmless: simulatedComparisons(model, 1.02, belowFactor, count),
    worse10: simulatedComparisons(model, 1.1, belowFactor, count),
  };
  const { same, worse5, harmless, worse10 } = rates;
  rows.push(
    `| ${model.name} | ${share(same.failed)} | ${share(worse5.failed)} | ${worse5.pairs95} | ${share(harmless.failed)} | ${share(worse10.failed)} | ${worse10.pairs95} |`,
  );

  it('a program against itself, and a harmless +2 %, fail in 1 % at most', () => {
    expect(same.failed).toBeLessThanOrEqual(0.01 * count);
    expect(harmless.failed).toBeLessThanOrEqual(0.01 * count);
  });

  it.runIf(model.isMeasurable)('+5 % and +10 % are caught in 95 % at least, within 35 and 50 pairs', () => {
    expect(worse5.failed).toBeGreaterThanOrEqual(0.95 * count);
    expect(worse5.pairs95).toBeLessThanOrEqual(35);
    expect(worse10.failed).toBeGreaterThanOrEqual(0.95 * count);
    expect(worse10.pairs95).toBeLessThanOrEqual(50);
  });
});

it('docs/comparison.md has these rates', async () => {
  await expectPageRegion('comparison.md', 'rates', [
    '| 1,000 seeded comparisons each | A/A fails | +5 % fails | 95 % within pairs | +2 % fails | +10 % fails | 95 % within pairs |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ]);
});
