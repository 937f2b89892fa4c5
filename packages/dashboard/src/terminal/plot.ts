import type { Band } from '../model/bands.ts';
import type { Cells, Look, Rect } from './cells.ts';

/** What curves are made of: braille dots (2 x 4 in a cell), eighths of blocks, or ASCII. */
export type PlotKind = 'braille' | 'block' | 'ascii';

export const plotKinds: readonly PlotKind[] = ['braille', 'block', 'ascii'];

/** Points that a cell has beside each other. */
export function plotPixels(kind: PlotKind, columns: number): number {
  return Math.max(1, kind === 'braille' ? 2 * columns : columns);
}

/** Bits of the dots of a braille cell, from top to bottom (Unicode, "Braille Patterns", U+2800). */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const eighths = ' ▁▂▃▄▅▆▇█';

/**
 * Draws the least and greatest value of each point into `rect`, from `low` at its lower edge to `high` at its upper. A point
 * without a value stays empty.
 */
export function plot(
  cells: Cells,
  rect: Rect,
  band: Band,
  [low, high]: readonly [number, number],
  kind: PlotKind,
  look: Look,
): void {
  if (rect.width <= 0 || rect.height <= 0 || !(high > low)) return;
  if (kind === 'braille') plotBraille(cells, rect, band, [low, high], look);
  else plotBars(cells, rect, band, [low, high], kind, look);
}

function plotBraille(cells: Cells, rect: Rect, band: Band, [low, high]: readonly [number, number], look: Look): void {
  const height = 4 * rect.height;
  const bits = new Uint8Array(rect.width * rect.height);
  const level = (value: number) =>
    Math.min(height - 1, Math.max(0, Math.round(((value - low) / (high - low)) * (height - 1))));
  for (let pixel = 0; pixel < 2 * rect.width; pixel++) {
    const [min = Number.NaN, max = Number.NaN] = [band.min[pixel], band.max[pixel]];
    if (Number.isNaN(min)) continue;
    for (let at = level(min); at <= level(max); at++) {
      const fromTop = height - 1 - at;
      const cell = (fromTop >> 2) * rect.width + (pixel >> 1);
      bits[cell] = (bits[cell] ?? 0) | dots[(pixel & 1) as 0 | 1][(fromTop & 3) as 0 | 1 | 2 | 3];
    }
  }
  for (const [at, set] of bits.entries()) {
    if (set !== 0)
      cells.set(
        rect.x + (at % rect.width),
        rect.y + Math.floor(at / rect.width),
        String.fromCharCode(0x2800 + set),
        look,
      );
  }
}

function plotBars(
  cells: Cells,
  rect: Rect,
  band: Band,
  [low, high]: readonly [number, number],
  kind: PlotKind,
  look: Look,
): void {
  const steps = kind === 'block' ? 8 : 1;
  for (let column = 0; column < rect.width; column++) {
    const max = band.max[column] ?? Number.NaN;
    if (Number.isNaN(max)) continue;
    // At least one step: a value at the lower edge must not look like no value.
    const filled = Math.max(1, Math.round(((max - low) / (high - low)) * rect.height * steps));
    for (let row = 0; row < rect.height; row++) {
      const part = Math.min(steps, filled - row * steps);
      if (part <= 0) break;
      const character = kind === 'block' ? (eighths[part] ?? ' ') : filled === row + 1 ? '*' : ':';
      cells.set(rect.x + column, rect.y + rect.height - 1 - row, character, look);
    }
  }
}

/** Round bounds around the values, from 0 where that does not make the curve flat. */
export function bounds(least: number, greatest: number): readonly [number, number] {
  return tightBounds(least < greatest * 0.7 ? Math.min(0, least) : least, greatest);
}

/** Round bounds close to the values. */
export function tightBounds(low: number, greatest: number): readonly [number, number] {
  const span = greatest - low || Math.abs(greatest) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 2));
  const step = ([1, 2, 5, 10].find((each) => each * power >= span / 4) ?? 10) * power;
  const from = Math.floor(low / step) * step;
  const to = Math.ceil(greatest / step) * step;
  return [from, to > from ? to : from + step];
}
