import { type ViewWindow, viewWindows } from '../model/view.ts';
import { type PlotKind, plotKinds } from './plot.ts';
import type { TableName } from './tables.ts';

/** A part of the screen that can have the focus. */
export type PaneName = 'charts' | TableName;

const paneNames: readonly PaneName[] = ['charts', 'series', 'runs', 'nodes', 'findings'];

/** All that the user has chosen. */
export interface ScreenState {
  /** Undefined: that of the mode, as the model chooses it. */
  readonly window?: ViewWindow | undefined;
  readonly pane: PaneName;
  readonly isZoomed: boolean;
  readonly filter: string;
  /** The keys write the filter. */
  readonly isFiltering: boolean;
  /** Name of the column that each table is sorted by. */
  readonly sorts: Readonly<Partial<Record<TableName, string>>>;
  /** Row with the cursor of each table. */
  readonly cursors: Readonly<Partial<Record<TableName, number>>>;
  /** The series of the headline, by its key. */
  readonly series?: string | undefined;
  readonly plot: PlotKind;
  readonly isHelp: boolean;
  readonly hasMouse: boolean;
}

/** What a key asks for besides another state. */
export type Action = 'quit' | 'pause' | 'theme' | 'copy' | 'suspend' | 'redraw';

/** What the state needs to know of the screen to move in it. */
export interface ScreenContext {
  /** Rows of each table now. */
  readonly rows: Readonly<Record<TableName, number>>;
  /** Names of the columns that each table can be sorted by. */
  readonly sortable: Readonly<Record<TableName, readonly string[]>>;
  /** The window that is shown. */
  readonly window: ViewWindow;
  /** Keys of the series, in the order of the table. */
  readonly seriesKeys: readonly string[];
}

const longestFilter = 60;

/** The state before the first key. */
export function firstState(plot: PlotKind): ScreenState {
  return {
    pane: 'series',
    isZoomed: false,
    filter: '',
    isFiltering: false,
    sorts: {},
    cursors: {},
    plot,
    isHelp: false,
    hasMouse: false,
  };
}

/** The state after a key, and what else it asks for. */
export function afterKey(state: ScreenState, key: string, context: ScreenContext): readonly [ScreenState, Action?] {
  if (key === 'ctrl-c') return [state, 'quit'];
  if (key === 'ctrl-z') return [state, 'suspend'];
  if (key === 'ctrl-l') return [state, 'redraw'];
  if (state.isFiltering) return [filtering(state, key)];
  if (state.isHelp) return [{ ...state, isHelp: false }];
  const { pane } = state;
  switch (key) {
    case 'q':
      return [state, 'quit'];
    case 'p':
    case ' ':
      return [state, 'pause'];
    case 't':
      return [state, 'theme'];
    case 'y':
      return [state, 'copy'];
    case '?':
      return [{ ...state, isHelp: true }];
    case '/':
      return [{ ...state, isFiltering: true }];
    case 'escape':
      return [{ ...state, isZoomed: false, filter: '' }];
    case 'w':
    case ']':
      return [{ ...state, window: neighbour(viewWindows, context.window, 1) }];
    case 'W':
    case '[':
      return [{ ...state, window: neighbour(viewWindows, context.window, -1) }];
    case 'c':
      return [{ ...state, plot: neighbour(plotKinds, state.plot, 1) }];
    case 'm':
      return [{ ...state, hasMouse: !state.hasMouse }];
    case 'z':
      return [{ ...state, isZoomed: !state.isZoomed }];
    case 'tab':
    case 'right':
      return [{ ...state, pane: neighbour(paneNames, pane, 1) }];
    case 'backtab':
    case 'left':
      return [{ ...state, pane: neighbour(paneNames, pane, -1) }];
    case 'o':
      return [pane === 'charts' ? state : sortedBy(state, pane, context)];
    case 'enter':
      return [pane === 'series' ? chosen(state, context) : { ...state, isZoomed: !state.isZoomed }];
    default:
      return [pane === 'charts' ? state : moved(state, pane, key, context)];
  }
}

function filtering(state: ScreenState, key: string): ScreenState {
  if (key === 'enter') return { ...state, isFiltering: false };
  if (key === 'escape') return { ...state, isFiltering: false, filter: '' };
  if (key === 'ctrl-u') return { ...state, filter: '' };
  if (key === 'backspace') return { ...state, filter: Array.from(state.filter).slice(0, -1).join('') };
  // Names of other keys have several letters.
  if (Array.from(key).length !== 1) return state;
  return { ...state, filter: `${state.filter}${key}`.slice(0, longestFilter) };
}

function chosen(state: ScreenState, { seriesKeys }: ScreenContext): ScreenState {
  return { ...state, series: seriesKeys[state.cursors.series ?? 0] };
}

function sortedBy(state: ScreenState, pane: TableName, { sortable }: ScreenContext): ScreenState {
  const names = [undefined, ...sortable[pane]];
  return { ...state, sorts: { ...state.sorts, [pane]: neighbour(names, state.sorts[pane], 1) } };
}

function moved(state: ScreenState, pane: TableName, key: string, { rows }: ScreenContext): ScreenState {
  const steps: Readonly<Record<string, number>> = {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    pageup: -10,
    pagedown: 10,
    home: Number.NEGATIVE_INFINITY,
    end: Number.POSITIVE_INFINITY,
  };
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
  if (step === undefined) return state;
  const last = Math.max(0, rows[pane] - 1);
  const cursor = Math.max(0, Math.min(last, (state.cursors[pane] ?? 0) + step));
  return { ...state, cursors: { ...state.cursors, [pane]: cursor } };
}

function neighbour<Value>(values: readonly Value[], value: Value, step: number): Value {
  const at = values.indexOf(value);
  return values[(at + step + values.length) % values.length] ?? value;
}
