import { printable } from './printable.ts';

/** Lines of columns padded to their widest cell, two spaces apart; the first column to the left, numbers to the right. */
export function table(header: readonly string[], values: readonly (readonly string[])[]): readonly string[] {
  const rows = values.map((row) => row.map(printable));
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) =>
        column === 0 ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width),
      )
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)];
}
