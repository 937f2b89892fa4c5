import { expect, test } from 'vitest';
import type { CellResult } from './testing/cellResult.ts';
import { missedBars, missedOverAll } from './testing/energyBars.ts';
import { energyTable } from './testing/energyTable.ts';
import { energyTableReport } from './testing/energyTableReport.ts';

const good: CellResult = {
  runs: 1000,
  figures: 1000,
  wholeHeld: 0.95,
  addedFigures: 1000,
  addedHeld: 0.95,
  bias: 0.0001,
  rms: 0.002,
  wholeHalf: 0.004,
  addedHalf: 0.005,
  zero: 0.5,
};

function cellNamed(name: string) {
  const found = energyTable().find((cell) => cell.group === 'plain' && cell.name === name);
  if (found === undefined) throw new Error(`no cell ${name}`);
  return found;
}

test('a cell that reaches all bars misses none', () => {
  expect(missedBars(cellNamed('steps, 1 ms, mean'), good)).toEqual([]);
});

test.each<[Partial<CellResult>, string]>([
  [{ wholeHeld: 0.9 }, 'whole holds in 90.0 %, not 91.0 %'],
  [{ addedHeld: 0.9 }, 'added holds in 90.0 %, not 91.0 %'],
  [{ wholeHeld: Number.NaN }, 'whole holds in NaN %, not 91.0 %'],
  [{ bias: -0.004 }, 'bias -0.400 %'],
  [{ figures: 900 }, 'no figure in 10.0 %'],
  [{ addedFigures: 0 }, 'no figure in 100.0 %'],
  [{ wholeHalf: 0.02 }, 'half width of the whole 2.00 %, not 0.7 %'],
])('a cell with %o misses a bar, which is named', (part, miss) => {
  expect(missedBars(cellNamed('steps, 1 ms, mean'), { ...good, ...part })).toEqual([miss]);
});

test('a known limit excuses the interval of the whole and nothing else', () => {
  const cell = cellNamed('sine, 30 ms, mean');
  expect(missedBars(cell, { ...good, wholeHeld: 0.8 })).toEqual([]);
  expect(missedBars(cell, { ...good, addedHeld: 0.8 })).toHaveLength(1);
});

test('all cells together have a bar of their own, weighted by their figures', () => {
  const cell = cellNamed('steps, 1 ms, mean');
  const few = { ...good, figures: 10, wholeHeld: 0.5 };
  expect(
    missedOverAll([
      [cell, good],
      [cell, few],
    ]),
  ).toEqual([]);
  expect(missedOverAll([[cell, { ...good, wholeHeld: 0.93 }]])).toEqual(['all cells: whole holds in 93.0 %']);
});

test('without a cell that has bars there is nothing to miss', () => {
  expect(missedOverAll([])).toEqual([]);
});

test('the report marks the cells that miss, and lists them', () => {
  const cell = cellNamed('steps, 1 ms, mean');
  const { markdown, missed } = energyTableReport(1000, [[cell, { ...good, bias: 0.004 }]], []);
  expect(markdown).toContain('| steps, 1 ms, mean | 95.0 % | 95.0 % | 0.400 % |');
  expect(markdown).toContain('MISSED: bias 0.400 %');
  expect(missed).toEqual(['plain, steps, 1 ms, mean: bias 0.400 %']);
});
