import type { Cells, Look, Rect } from './cells.ts';
import { columnsOf, fitted } from './cellText.ts';
import type { Column } from './tables.ts';

/** What a table shows of its rows. */
export interface TableView<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Name of the column that rows are sorted by; absent: their own order. */
  readonly sort?: string | undefined;
  /** Row with the cursor. Undefined: the table has not the focus. */
  readonly selected?: number | undefined;
  readonly nowMs: number;
  /** What stands there without rows. */
  readonly empty: string;
}

/** The row with the cursor. */
const cursor: Look = { role: 'emphasis', isInverse: true };
/** Cells between two columns. */
const gap = 2;

/** The columns that a table of some width shows: those that `--columns` names, as far as there is room. */
export function shownColumns<Row>(
  columns: readonly Column<Row>[],
  wanted: readonly string[],
  width: number,
): readonly Column<Row>[] {
  const named = columns.filter(({ name, from = 0 }, at) =>
    wanted.length === 0 ? width >= from : at === 0 || wanted.includes(name),
  );
  let room = width;
  return named.filter((column, at) => {
    const fits = at === 0 || column.width >= 100 ? room > 12 : room >= column.width + gap;
    if (fits) room -= column.width + gap;
    return fits;
  });
}

/** Columns that the first one, which is a name, takes at most of what the others leave. */
const mostExtra = 20;

/** The same columns, the first of them wider by what is left. */
function widened<Row>(columns: readonly Column<Row>[], width: number): readonly Column<Row>[] {
  const left = width - columns.reduce((sum, column) => sum + column.width + gap, -gap);
  const [first, ...others] = columns;
  return first === undefined || left <= 0
    ? columns
    : [{ ...first, width: first.width + Math.min(left, mostExtra) }, ...others];
}

/** Rows in the order of a column, the greatest first. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: string | undefined,
): readonly Row[] {
  const order = columns.find(({ name }) => name === sort)?.order;
  if (order === undefined) return rows;
  return [...rows].sort((a, b) => compare(order(b), order(a)));
}

function compare(a: number | string | undefined, b: number | string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  return a < b ? -1 : 1;
}

/** Draws a table with its header. The row with the cursor stays in view. */
export function drawTable<Row>(cells: Cells, { x, y, width, height }: Rect, table: TableView<Row>): void {
  const { rows, sort, selected, nowMs, empty } = table;
  const columns = widened(table.columns, width);
  const end = x + width;
  let at = x;
  for (const column of columns) {
    const title = column.name === sort ? `${column.title}▾` : column.title;
    at = putCell(cells, at, y, end, title, column, { role: 'text' }) + gap;
  }
  if (rows.length === 0) cells.put(x, y + 1, empty, { role: 'text' }, end);
  const room = height - 1;
  const first = selected === undefined ? 0 : Math.max(0, Math.min(selected - room + 1, rows.length - room));
  for (const [line, row] of rows.slice(first, first + room).entries()) {
    const isSelected = selected === first + line;
    // One look for the whole row: inverse colours of their own would make a patchwork of it.
    if (isSelected) cells.put(x, y + 1 + line, ' '.repeat(width), cursor, end);
    let column = x;
    for (const each of columns) {
      const look = isSelected ? cursor : (each.look?.(row) ?? { role: 'text' });
      column = putCell(cells, column, y + 1 + line, end, each.text(row, nowMs), each, look) + gap;
    }
  }
}

function putCell<Row>(
  cells: Cells,
  x: number,
  y: number,
  end: number,
  text: string,
  column: Column<Row>,
  look: Look,
): number {
  const width = Math.min(column.width, end - x);
  if (width <= 0) return x;
  const shown = fitted(text, width);
  const blank = ' '.repeat(width - columnsOf(shown));
  cells.put(x, y, column.isText ? `${shown}${blank}` : `${blank}${shown}`, look, end);
  return x + width;
}
