import type { Cells, Look } from './cells.ts';

/** Digits of three rows and three columns in half blocks. */
const shapes: Readonly<Record<string, readonly [string, string, string]>> = {
  '0': ['█▀█', '█ █', '▀▀▀'],
  '1': ['▀█ ', ' █ ', '▀▀▀'],
  '2': ['▀▀█', '█▀▀', '▀▀▀'],
  '3': ['▀▀█', ' ▀█', '▀▀▀'],
  '4': ['█ █', '▀▀█', '  ▀'],
  '5': ['█▀▀', '▀▀█', '▀▀▀'],
  '6': ['█▀▀', '█▀█', '▀▀▀'],
  '7': ['▀▀█', '  █', '  ▀'],
  '8': ['█▀█', '█▀█', '▀▀▀'],
  '9': ['█▀█', '▀▀█', '▀▀▀'],
  '.': [' ', ' ', '▀'],
  '–': ['   ', '▀▀▀', '   '],
};

/** Writes a number three rows high. Characters without a shape are left out. @returns the column after it */
export function putBig(cells: Cells, x: number, y: number, text: string, look: Look, end: number): number {
  let column = x;
  for (const character of text) {
    const shape = shapes[character];
    if (shape === undefined) continue;
    const width = shape[0].length;
    if (column + width > end) break;
    for (const [row, part] of shape.entries()) cells.put(column, y + row, part, look, end);
    column += width + 1;
  }
  return column;
}
