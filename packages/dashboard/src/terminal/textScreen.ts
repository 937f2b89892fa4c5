import type { Dashboard } from '../model/dashboard.ts';
import { Cells } from './cells.ts';
import { drawScreen } from './drawScreen.ts';
import type { PlotKind } from './plot.ts';
import { firstState } from './screenState.ts';

export interface TextScreenOptions {
  readonly nowMs: number;
  readonly plot: PlotKind;
  /** Signs outside of ASCII become signs of ASCII. */
  readonly isAscii: boolean;
  readonly themeName: string;
  /** Characters of a line, and lines. */
  readonly width: number;
  readonly height: number;
  /** Names of columns of the tables. Empty: all that fit. */
  readonly columns: readonly string[];
}

/** The screen as text: for a file, a report, or a terminal that cannot be redrawn. */
export function textScreen(dashboard: Dashboard, options: TextScreenOptions): string {
  const { nowMs, plot, isAscii, themeName, width, height, columns } = options;
  const cells = new Cells(width, height, { isAscii });
  // A space instead of the keys, which a text does not have.
  drawScreen(cells, firstState(plot), { dashboard, nowMs, themeName, columns, message: ' ' });
  return `${cells.lines().join('\n').trimEnd()}\n`;
}
