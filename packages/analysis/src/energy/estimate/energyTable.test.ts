import { describe, expect, test } from 'vitest';
import { expectPageRegion } from '../pageRegion.suite.ts';
import { type CellResult, cellResult, holds } from './testing/cellResult.ts';
import { clippedSums } from './testing/clippedSums.ts';
import { missedBars } from './testing/energyBars.ts';
import { energyTable, type TableCell } from './testing/energyTable.ts';
import { kindsResult } from './testing/kindsResult.ts';
import { simulatedBench } from './testing/simulatedBench.ts';

/** Fixed before the first run. */
const firstSeed = 20261130;
const runCount = 200;

function cellNamed(group: TableCell['group'], name: string): TableCell {
  const found = energyTable().find((cell) => cell.group === group && cell.name === name);
  if (found === undefined) throw new Error(`no cell ${name}`);
  return found;
}

// Five of the cells of scripts/scale/energy-table.mjs, which runs all of them.
const cells = [
  cellNamed('plain', 'noise, 10 us, mean'),
  cellNamed('plain', 'steps, 1 ms, instant'),
  cellNamed('plain', 'job, 0.3 s, instant, dithered'),
  cellNamed('all at random', 'both, 30 ms, instant, 20 Hz'),
  cellNamed('all at random', 'sine, 0.3 s, mean, 10 Hz'),
];
const results = new Map<TableCell, CellResult>();

/** The runs of a cell, once for all tests. */
function resultOf(cell: TableCell): CellResult {
  const result = results.get(cell) ?? cellResult(cell.cell, runCount, firstSeed);
  results.set(cell, result);
  return result;
}

describe.each(cells)('200 simulated runs with $name', (cell) => {
  test('the intervals hold the truth, the bias is small, and there are figures', { timeout: 180_000 }, () => {
    expect(missedBars(cell, resultOf(cell))).toEqual([]);
  });
});

test('docs/energy.md has the figures of these cells', { timeout: 180_000 }, async () => {
  const percent = (share: number, digits: number) => `${(100 * share).toFixed(digits)} %`;
  const rows = cells.map((cell) => {
    const { wholeHeld, wholeHalf, addedHeld, addedHalf, bias } = resultOf(cell);
    const held = `${percent(wholeHeld, 1)} | ± ${percent(wholeHalf, 2)} | ${percent(addedHeld, 1)} | ± ${percent(addedHalf, 2)}`;
    return `| ${cell.name} | ${held} | ${percent(Math.abs(bias), 2)} |`;
  });
  await expectPageRegion('energy.md', 'five cells', [
    `| ${runCount} seeded runs each | the whole holds | half width | the added energy holds | half width | bias |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ]);
});

test('the intervals of three overlapping kinds hold, each with its own watts', { timeout: 180_000 }, () => {
  const result = kindsResult({ watts: [40, 60, 90], disturbance: 'steps', cpu: 'even' }, 80, firstSeed);
  for (const held of [...result.wholeHeld, ...result.addedHeld]) expect(held).toBeGreaterThanOrEqual(0.91);
  for (const error of result.addedError) expect(Math.abs(error)).toBeLessThan(0.02);
  // One slope for kinds that differ would be wrong by 10 to 100 %: the test does not allow it.
  expect(result.commonAllowed).toBe(0);
});

test('the method before, on the same runs, holds the truth in fewer than half of them', () => {
  const { cell } = cellNamed('plain', 'steps, 1 ms, instant');
  let held = 0;
  let figures = 0;
  for (let run = 0; run < 60; run++) {
    const { input, truth } = simulatedBench(cell, firstSeed + run * 7919);
    const [calls] = input.operations;
    const sums = calls && clippedSums(input.samples, calls, 1 / cell.rateHz);
    if (sums === undefined) continue;
    figures++;
    held += Number(sums.low <= truth.whole && truth.whole <= sums.high);
  }
  expect(figures).toBeGreaterThan(50);
  expect(held / figures).toBeLessThan(0.5);
});

test('a seed gives the same bench each time, another seed another one', () => {
  const { cell } = cellNamed('all at random', 'noise, 1 ms, mean, 20 Hz');
  expect(simulatedBench(cell, 5)).toEqual(simulatedBench(cell, 5));
  expect(simulatedBench(cell, 6).truth).not.toEqual(simulatedBench(cell, 5).truth);
});

test('an interval holds what lies between its ends', () => {
  const figure = { joules: 5, low: 4, high: 6, samplingStderr: 0.5, degreesOfFreedom: 9, meterNotStated: [] };
  expect([3.9, 4, 6, 6.1].map((truth) => holds(figure, truth))).toEqual([false, true, true, false]);
});
