import type { Cells } from './cells.ts';
import type { Palette } from './palette.ts';

// DEC private mode 2026: the terminal shows the frame as a whole. One that does not know it ignores it.
const begin = '\x1b[?2026h';
const end = '\x1b[?2026l';
/** Unchanged cells of the same row that are written again where moving the cursor over them would take more bytes. */
const gap = 4;

/**
 * The bytes that make a terminal that shows `before` show `after`: only cells that differ. The empty text when none does.
 *
 * @param before undefined: what the terminal shows is not known, and all of it is written
 */
export function frameOf(after: Cells, before: Cells | undefined, palette: Palette, isSynchronized = true): string {
  const isSame = before !== undefined && before.columns === after.columns && before.rows === after.rows;
  const known = isSame ? before : undefined;
  let [bytes, look] = ['', -1];
  for (let row = 0; row < after.rows; row++) {
    let column = 0;
    /** Where the cursor is in this row, or -1. */
    let cursor = -1;
    while (column < after.columns) {
      const at = row * after.columns + column;
      if (known !== undefined && isEqual(after, known, at)) {
        column++;
        continue;
      }
      // A wide character is written as a whole.
      const start = after.texts[at] === '' && column > 0 ? column - 1 : column;
      const from = cursor >= 0 && start - cursor <= gap && start >= cursor ? cursor : start;
      if (from !== cursor) bytes += `\x1b[${row + 1};${from + 1}H`;
      let written = from;
      while (written <= column) {
        const cell = row * after.columns + written;
        const text = after.texts[cell] ?? ' ';
        const wanted = after.looks[cell] ?? 0;
        if (text !== '') {
          if (wanted !== look) {
            bytes += `\x1b[${palette[wanted] ?? '0'}m`;
            look = wanted;
          }
          bytes += text;
        }
        written++;
      }
      // The second half of a wide character that begins at the last written cell.
      while (written < after.columns && after.texts[row * after.columns + written] === '') written++;
      cursor = written;
      column = written;
    }
  }
  if (bytes === '') return '';
  return isSynchronized ? `${begin}${bytes}\x1b[0m${end}` : `${bytes}\x1b[0m`;
}

function isEqual(a: Cells, b: Cells, at: number): boolean {
  return a.texts[at] === b.texts[at] && a.looks[at] === b.looks[at];
}
