import { counted } from '@benchlab-otel/analysis/figures';
import type { Dashboard } from '../model/dashboard.ts';
import { seriesKey } from '../model/series.ts';
import type { DashboardView } from '../model/view.ts';
import type { Cells, Look, Rect } from './cells.ts';
import { columnsOf, fitted } from './cellText.ts';
import { curveColumns, drawCurve, drawHistogram, drawScatter, drawTitle } from './drawCharts.ts';
import { drawFigures, figureRows } from './drawFigures.ts';
import { age, count } from './figures.ts';
import { drawHelp } from './help.ts';
import { plotPixels } from './plot.ts';
import type { PaneName, ScreenContext, ScreenState } from './screenState.ts';
import { drawTable, shownColumns, sorted } from './tablePane.ts';
import { type Column, findingColumns, nodeColumns, runColumns, seriesColumns, type TableName } from './tables.ts';

/** The smallest screen. */
const leastColumns = 80;
const leastRows = 24;
/** From here on all panes are shown at one time. */
const wideColumns = 140;
const wideRows = 36;
/** Points of the scatter plot that are looked at for each frame. */
const mostPoints = 2_000;

/** What is drawn, besides what the user has chosen. */
export interface Drawing {
  readonly dashboard: Dashboard;
  readonly nowMs: number;
  readonly themeName: string;
  /** `--columns`. Empty: all that fit. */
  readonly columns: readonly string[];
  /** A message for the lowest row, in the place of the keys. */
  readonly message?: string | undefined;
}

const label: Look = { role: 'text' };
const strong: Look = { role: 'emphasis', isBold: true };

/** Draws everything. @returns what keys need to know of it */
export function drawScreen(cells: Cells, state: ScreenState, drawing: Drawing): ScreenContext {
  cells.clear();
  const { dashboard, nowMs } = drawing;
  const options = {
    window: state.window,
    filter: state.filter,
    ...(state.series === undefined ? {} : { series: state.series }),
  };
  const view = dashboard.view(options, nowMs);
  const tables = tablesOf(view, state);
  const screen = new ScreenDrawing(cells, state, drawing, view, tables, options);
  if (cells.columns < leastColumns || cells.rows < leastRows) screen.tooSmall();
  else if (state.isHelp) drawHelp(cells);
  else screen.draw();
  return contextOf(tables, view.range.window);
}

interface Tables {
  readonly series: readonly DashboardView['series'][number][];
  readonly runs: readonly DashboardView['runs'][number][];
  readonly nodes: readonly DashboardView['nodes'][number][];
  readonly findings: readonly DashboardView['findings'][number][];
}

function tablesOf(view: DashboardView, { sorts }: ScreenState): Tables {
  return {
    series: sorted(view.series, seriesColumns, sorts.series),
    runs: sorted(view.runs, runColumns, sorts.runs),
    nodes: sorted(view.nodes, nodeColumns, sorts.nodes),
    findings: sorted(view.findings, findingColumns, sorts.findings),
  };
}

function contextOf({ series, runs, nodes, findings }: Tables, window: ScreenContext['window']): ScreenContext {
  return {
    window,
    rows: { series: series.length, runs: runs.length, nodes: nodes.length, findings: findings.length },
    sortable: {
      series: sortableOf(seriesColumns),
      runs: sortableOf(runColumns),
      nodes: sortableOf(nodeColumns),
      findings: sortableOf(findingColumns),
    },
    seriesKeys: series.map((each) => seriesKey(each.series)),
  };
}

function sortableOf<Row>(columns: readonly Column<Row>[]): readonly string[] {
  return columns.flatMap(({ name, order }) => (order === undefined ? [] : [name]));
}

/** The panes of one frame. */
class ScreenDrawing {
  readonly #cells: Cells;
  readonly #state: ScreenState;
  readonly #drawing: Drawing;
  readonly #view: DashboardView;
  readonly #tables: Tables;
  readonly #options: Parameters<Dashboard['view']>[0];

  constructor(
    cells: Cells,
    state: ScreenState,
    drawing: Drawing,
    view: DashboardView,
    tables: Tables,
    options: Parameters<Dashboard['view']>[0],
  ) {
    this.#cells = cells;
    this.#state = state;
    this.#drawing = drawing;
    this.#view = view;
    this.#tables = tables;
    this.#options = options;
  }

  tooSmall(): void {
    const { columns, rows } = this.#cells;
    this.#cells.put(0, 0, `benchlab-probe tui needs ${leastColumns} x ${leastRows} characters;`, strong);
    this.#cells.put(0, 1, `this window has ${columns} x ${rows}. Make it larger, or press q.`, label);
  }

  draw(): void {
    const { columns, rows } = this.#cells;
    this.#header();
    this.#footer();
    const body = { x: 1, y: 2, width: columns - 2, height: rows - 3 };
    if (this.#state.isZoomed) this.#zoomed(body);
    else if (columns >= wideColumns && rows >= wideRows) this.#wide(body);
    else this.#narrow(body);
  }

  #header(): void {
    const { range, paused, isSimulated, baseline, refusedLines } = this.#view;
    const { columns } = this.#cells;
    const left = paused === undefined ? modeOf(this.#view) : ` paused, +${count(paused.waiting)} `;
    const look: Look =
      paused === undefined
        ? { role: range.mode === 'live' ? 'good' : 'accent', isBold: true }
        : { role: 'warn', isBold: true, isInverse: true };
    let x = this.#cells.put(1, 0, left, look) + 2;
    x = this.#cells.put(x, 0, windowText(range.window), strong) + 2;
    if (range.ageMs !== undefined)
      x =
        this.#cells.put(
          x,
          0,
          `newest ${age(range.ageMs)} ago`,
          range.ageMs > 5_000 && range.mode === 'live' ? { role: 'warn' } : label,
        ) + 2;
    if (this.#state.filter !== '' || this.#state.isFiltering)
      x = this.#cells.put(x, 0, `/${this.#state.filter}${this.#state.isFiltering ? '▏' : ''}`, { role: 'accent' }) + 2;
    if (refusedLines > 0) x = this.#cells.put(x, 0, `! ${counted(refusedLines, 'line')} refused`, { role: 'warn' }) + 2;
    const mark = isSimulated ? 'SIMULATED' : '';
    const end = columns - 1 - mark.length;
    this.#cells.put(end, 0, mark, { role: 'warn', isBold: true });
    const compared = fitted(
      baseline === undefined ? '' : `vs ${baseline.split('/').findLast((part) => part !== '') ?? baseline}`,
      Math.max(0, end - x - 2),
    );
    this.#cells.put(end - 2 - columnsOf(compared), 0, compared, label);
  }

  #footer(): void {
    const { message, themeName } = this.#drawing;
    const y = this.#cells.rows - 1;
    const keys = message ?? '? help  / filter  w window  p pause  tab pane  z zoom  t theme  q quit';
    this.#cells.put(1, y, keys, message === undefined ? label : { role: 'accent' }, this.#cells.columns - 1);
    const right = `${themeName} `;
    if (message === undefined && columnsOf(keys) + columnsOf(right) + 4 < this.#cells.columns) {
      this.#cells.put(this.#cells.columns - columnsOf(right), y, right, label);
    }
  }

  /** Figures, curves, and one table at a time. */
  #narrow({ x, y, width, height }: Rect): void {
    drawFigures(this.#cells, { x, y, width, height: figureRows }, this.#view, this.#hasBig);
    const tableRows = Math.max(7, Math.floor((height - figureRows) * 0.45));
    const chartY = y + figureRows;
    const chartRows = height - figureRows - tableRows;
    this.#curves({ x, y: chartY, width, height: chartRows });
    const pane = this.#state.pane === 'charts' ? 'series' : this.#state.pane;
    this.#tabs(x, chartY + chartRows, width, pane);
    this.#table(pane, { x, y: chartY + chartRows + 1, width, height: tableRows - 1 });
  }

  /** All panes at one time. */
  #wide({ x, y, width, height }: Rect): void {
    drawFigures(this.#cells, { x, y, width, height: figureRows }, this.#view, this.#hasBig);
    const chartRows = Math.floor((height - figureRows) * 0.4);
    const chartY = y + figureRows + 1;
    const third = Math.floor(width * 0.24);
    this.#curves({ x, y: chartY, width: width - third - 2, height: chartRows });
    this.#histogram({ x: x + width - third, y: chartY, width: third, height: chartRows });
    const tableY = chartY + chartRows + 1;
    const tableRows = y + height - tableY;
    const left = Math.floor(width * 0.56);
    const upper = Math.floor(tableRows / 2);
    this.#titled('series', { x, y: tableY, width: left, height: upper });
    this.#titled('runs', { x, y: tableY + upper, width: left, height: tableRows - upper });
    const right = { x: x + left + 2, width: width - left - 2 };
    this.#titled('nodes', { ...right, y: tableY, height: upper });
    this.#titled('findings', { ...right, y: tableY + upper, height: tableRows - upper });
  }

  #zoomed(body: Rect): void {
    const { pane } = this.#state;
    if (pane !== 'charts') {
      this.#titled(pane, body);
      return;
    }
    const upper = Math.floor(body.height / 2);
    this.#curves({ ...body, height: upper });
    const half = Math.floor(body.width / 2);
    const lower = { y: body.y + upper, height: body.height - upper };
    this.#histogram({ x: body.x, width: half - 1, ...lower });
    const scatter = this.#drawing.dashboard.scatter(this.#options, this.#drawing.nowMs, mostPoints);
    drawScatter(this.#cells, { x: body.x + half + 1, width: body.width - half - 1, ...lower }, scatter);
  }

  #curves({ x, y, width, height }: Rect): void {
    const { dashboard, nowMs } = this.#drawing;
    const { plot } = this.#state;
    const half = Math.floor(width / 2);
    const chart = dashboard.chart(this.#options, nowMs, plotPixels(plot, curveColumns(half - 1)));
    drawCurve(this.#cells, { x, y, width: half - 1, height }, 'latency ms', chart.latency, chart, plot, true);
    drawCurve(this.#cells, { x: x + half + 1, y, width: half - 1, height }, 'power W', chart.power, chart, plot, false);
  }

  #histogram(rect: Rect): void {
    const made = this.#drawing.dashboard.histogram(this.#options, this.#drawing.nowMs, Math.max(1, rect.height - 2));
    drawHistogram(this.#cells, rect, made, this.#state.plot);
  }

  #tabs(x: number, y: number, width: number, active: TableName): void {
    this.#cells.put(x, y, '─'.repeat(width), { role: 'border' });
    let column = x + 1;
    for (const name of ['series', 'runs', 'nodes', 'findings'] as const) {
      const look: Look = name === active ? { ...strong, isInverse: true } : label;
      column = this.#cells.put(column, y, ` ${titles[name]} ${count(this.#tables[name].length)} `, look, x + width) + 1;
    }
  }

  #titled(name: TableName, { x, y, width, height }: Rect): void {
    const isActive = this.#state.pane === name;
    const title = `${titles[name]} ${count(this.#tables[name].length)}`;
    drawTitle(this.#cells, x, y, width, title, isActive ? { ...strong, isInverse: true } : strong);
    this.#table(name, { x, y: y + 1, width, height: height - 1 });
  }

  #table(name: TableName, rect: Rect): void {
    if (name === 'series') this.#drawRows(name, rect, this.#seriesColumns(), this.#tables.series);
    else if (name === 'runs') this.#drawRows(name, rect, runColumns, this.#tables.runs);
    else if (name === 'nodes') this.#drawRows(name, rect, nodeColumns, this.#tables.nodes);
    else this.#drawRows(name, rect, findingColumns, this.#tables.findings);
  }

  /** Without columns that no row could fill: there is no baseline, or no row has energy. */
  #seriesColumns(): typeof seriesColumns {
    const { baseline, series } = this.#view;
    const hasEnergy = series.some(({ joules }) => joules !== undefined);
    return seriesColumns.filter(
      ({ name }) => (name !== 'delta' || baseline !== undefined) && (name !== 'energy' || hasEnergy),
    );
  }

  #drawRows<Row>(name: TableName, rect: Rect, columns: readonly Column<Row>[], rows: readonly Row[]): void {
    const { sorts, cursors, pane } = this.#state;
    const cursor = Math.min(cursors[name] ?? 0, rows.length - 1);
    drawTable(this.#cells, rect, {
      columns: shownColumns(columns, this.#drawing.columns, rect.width),
      rows,
      sort: sorts[name],
      selected: pane === name && rows.length > 0 ? cursor : undefined,
      nowMs: this.#view.range.mode === 'recording' ? this.#view.range.toMs : this.#drawing.nowMs,
      empty: emptyTexts[name],
    });
  }

  get #hasBig(): boolean {
    return this.#state.plot !== 'ascii';
  }
}

const titles: Readonly<Record<TableName, string>> = {
  series: 'stages',
  runs: 'runs',
  nodes: 'nodes',
  findings: 'findings',
};
const emptyTexts: Readonly<Record<TableName, string>> = {
  series: 'no run and no frame in this window',
  runs: 'no event with a correlation id yet',
  nodes: 'nothing came yet',
  findings: 'nothing found',
};

/** The title of a pane, for the name of what was copied. */
export function paneTitle(pane: PaneName): string {
  return pane === 'charts' ? 'the screen' : titles[pane];
}

function modeOf({ range, inputs }: DashboardView): string {
  if (range.mode === 'live') return '● live';
  if (range.mode === 'recording') return '■ recording';
  const waiting = inputs.find(({ reason }) => reason !== undefined);
  return waiting === undefined ? '○ waiting for the first line' : `○ ${waiting.reason}`;
}

function windowText(window: DashboardView['range']['window']): string {
  if (window === 'all') return 'all of it';
  return window < 60_000 ? `${window / 1000} s` : `${window / 60_000} min`;
}
