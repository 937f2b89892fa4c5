import { expect, test } from 'vitest';
import { advisoriesOf } from './advisories.ts';

const ids = (variant: 'original' | 'bl2', firmware: number) => advisoriesOf({ variant, firmware }).map(({ id }) => id);
const always = ['write-name-overrun', 'no-error-response', 'fan-rgb-not-persisted', 'tamb-hum-zero-on-failure'];

test.each([
  ['original', 2, ['tchip-whole-degrees', 'cal-slots-inverted']],
  ['original', 3, []],
  ['original', 6, []],
  ['bl2', 3, ['tchip-whole-degrees', 'cal-slots-inverted', 'cal-offset-8bit']],
  ['bl2', 4, ['cal-offset-8bit']],
  ['bl2', 6, ['cal-offset-8bit']],
  ['bl2', 7, []],
] as const)('%s firmware %d has the defects of its range, and those without one', (variant, firmware, ranged) => {
  expect(ids(variant, firmware)).toEqual([...ranged, ...always]);
});

test('a defect without a range may be in every board', () => {
  const found = advisoriesOf({ variant: 'bl2', firmware: 7 });
  expect(found.map(({ range }) => range)).toEqual(found.map(() => 'range not published'));
});
