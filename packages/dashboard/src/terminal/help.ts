import type { Cells } from './cells.ts';
import { drawTitle } from './drawCharts.ts';

const keys: readonly (readonly [key: string, what: string])[] = [
  ['q, Ctrl-C', 'end'],
  ['p, space', 'pause: what is shown stays, what comes is counted'],
  ['w, W', 'next, previous window: 30 s, 1, 5, 15 min, all'],
  ['tab, ←, →', 'next, previous pane'],
  ['↑, ↓', 'row; also page up, page down, home, end'],
  ['enter', 'stages: figures and curves of this row; else zoom'],
  ['z', 'the pane fills the screen; charts: with histogram and scatter plot'],
  ['o', 'sort by the next column'],
  ['/', 'filter names, nodes and runs; escape removes it'],
  ['c', 'curves of braille dots, blocks or ASCII'],
  ['t', 'next theme'],
  ['y', 'copy the pane to the clipboard (OSC 52)'],
  ['m', 'wheel of the mouse on, off'],
  ['Ctrl-Z', 'suspend; fg brings it back'],
  ['Ctrl-L', 'draw everything again'],
];

/** All keys. */
export function drawHelp(cells: Cells): void {
  drawTitle(cells, 1, 1, cells.columns - 2, 'keys', { role: 'emphasis', isBold: true });
  for (const [row, [key, what]] of keys.entries()) {
    cells.put(3, 3 + row, key, { role: 'accent', isBold: true });
    cells.put(16, 3 + row, what, { role: 'text' }, cells.columns - 1);
  }
  cells.put(
    3,
    4 + keys.length,
    'Latency is in ms; – was not measured. Green ends at 10 ms, red begins at 20 ms, for frames.',
    { role: 'text' },
    cells.columns - 1,
  );
  cells.put(3, cells.rows - 1, 'any key leaves this page', { role: 'text' });
}
