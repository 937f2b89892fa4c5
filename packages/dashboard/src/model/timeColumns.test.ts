import { describe, expect, test } from 'vitest';
import { TimeColumns } from './timeColumns.ts';

function rowsOf(columns: TimeColumns): readonly (readonly [number, number])[] {
  const [start, end] = columns.range(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  return Array.from({ length: end - start }, (_, row) => [columns.time(row), columns.value(0, row)] as const);
}

describe('rows in the order of time', () => {
  test('are kept up to the bound, the oldest goes and is counted', () => {
    const columns = new TimeColumns(1, 1024);
    for (let row = 0; row < 3_000; row++) columns.add(row, row * 2);
    expect(columns.length).toBe(1024);
    expect(columns.forgotten).toBe(3_000 - 1024);
    expect([columns.time(0), columns.value(0, 0)]).toEqual([1976, 3952]);
    expect([columns.time(1023), columns.value(0, 1023)]).toEqual([2999, 5998]);
  });

  test('that come out of order get their place', () => {
    const columns = new TimeColumns(1, 8);
    for (const timeMs of [5, 1, 9, 3, 7, 3]) columns.add(timeMs, timeMs * 10);
    expect(rowsOf(columns)).toEqual([
      [1, 10],
      [3, 30],
      [3, 30],
      [5, 50],
      [7, 70],
      [9, 90],
    ]);
  });

  test('keep their order when the ring has wrapped and rows come late', () => {
    const columns = new TimeColumns(1, 8);
    for (let row = 0; row < 50; row++) columns.add(row % 3 === 0 ? row : row + 5, row);
    const times = rowsOf(columns).map(([timeMs]) => timeMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(columns.length).toBe(8);
  });

  test('of a second recording that is read after the first are sorted among them', () => {
    const columns = new TimeColumns(1, 1024);
    for (const first of [0, 1]) for (let row = 0; row < 500; row++) columns.add(2 * row + first, first);
    expect(rowsOf(columns)).toEqual(Array.from({ length: 1_000 }, (_, row) => [row, row % 2]));
    expect(columns.newestMs).toBe(999);
  });

  test('that run backwards are all kept, within the bound', () => {
    const columns = new TimeColumns(1, 1024);
    for (let row = 0; row < 10_000; row++) columns.add(10_000 - row, row);
    const times = rowsOf(columns).map(([timeMs]) => timeMs);
    expect([times.length, columns.forgotten]).toEqual([1_024, 10_000 - 1_024]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('are found by range and by nearest time', () => {
    const columns = new TimeColumns(1, 8);
    for (const timeMs of [10, 20, 30]) columns.add(timeMs, 0);
    expect(columns.range(10, 20)).toEqual([0, 2]);
    expect(columns.range(11, 12)).toEqual([1, 1]);
    expect([columns.nearest(0), columns.nearest(24), columns.nearest(26), columns.nearest(99)]).toEqual([0, 1, 2, 2]);
    expect(new TimeColumns(1, 8).nearest(0)).toBeUndefined();
  });

  test('of a copy do not change with the original', () => {
    const columns = new TimeColumns(1, 4);
    for (const timeMs of [1, 2, 3, 4]) columns.add(timeMs, timeMs);
    const copy = columns.copy();
    columns.add(5, 5);
    expect(rowsOf(copy).map(([timeMs]) => timeMs)).toEqual([1, 2, 3, 4]);
  });
});
