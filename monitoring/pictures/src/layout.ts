import type { DashboardModel, GridPosition, PanelModel } from './model.ts';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Placed =
  | { readonly kind: 'row'; readonly title: string; readonly isOpen: boolean; readonly at: Rectangle }
  | { readonly kind: 'panel'; readonly panel: PanelModel; readonly at: Rectangle };

export interface Layout {
  readonly placed: readonly Placed[];
  /** Pixels. */
  readonly height: number;
}

/** Grafana's grid: 24 columns, cells of 30 pixels, 8 between them (GRID_COLUMN_COUNT, GRID_CELL_HEIGHT, GRID_CELL_VMARGIN). */
const columns = 24;
const cellHeight = 30;
const margin = 8;
const whereUnknown: GridPosition = { x: 0, y: 0, w: columns, h: 8 };

/** A dashboard as it opens, and what its collapsed rows hold, where it has such rows: two pictures show every panel. */
export function parts(dashboard: DashboardModel): { readonly open: DashboardModel; readonly rows?: DashboardModel } {
  const { panels = [] } = dashboard;
  const rows = panels.filter(isCollapsed);
  const open = { ...dashboard, panels: panels.map((panel) => (isCollapsed(panel) ? closed(panel) : panel)) };
  return rows.length === 0 ? { open } : { open, rows: { ...dashboard, panels: rows } };
}

/** As Grafana writes a closed row: with the number of its panels. */
function closed({ panels = [], ...row }: PanelModel): PanelModel {
  return { ...row, title: `${row.title ?? ''} (${panels.length} ${panels.length === 1 ? 'panel' : 'panels'})` };
}

function isCollapsed({ type, collapsed, panels = [] }: PanelModel): boolean {
  return type === 'row' && collapsed === true && panels.length > 0;
}

/** Where each panel stands on a page of this width, from its top. Collapsed rows are drawn open. */
export function layout({ panels = [] }: DashboardModel, width: number): Layout {
  const placed = opened(panels).map(({ panel, at }): Placed => {
    const rectangle = pixels(at, width);
    return panel.type === 'row'
      ? { kind: 'row', title: panel.title ?? '', isOpen: panel.collapsed !== true || isCollapsed(panel), at: rectangle }
      : { kind: 'panel', panel, at: rectangle };
  });
  const top = placed.length === 0 ? 0 : Math.min(...placed.map(({ at }) => at.y));
  const height = Math.max(0, ...placed.map(({ at }) => at.y + at.height)) - top;
  return { placed: placed.map((each) => ({ ...each, at: { ...each.at, y: each.at.y - top } })), height };
}

interface InGrid {
  readonly panel: PanelModel;
  readonly at: GridPosition;
}

/** As when each collapsed row is opened: its panels move below it, and what follows moves down by their height. */
function opened(panels: readonly PanelModel[]): InGrid[] {
  let shift = 0;
  return [...panels]
    .sort((left, right) => where(left).y - where(right).y || where(left).x - where(right).x)
    .flatMap((panel) => {
      const at = { ...where(panel), y: where(panel).y + shift };
      if (!isCollapsed(panel)) return [{ panel, at }];
      const inside = panel.panels ?? [];
      const top = Math.min(...inside.map((each) => where(each).y));
      const bottom = Math.max(...inside.map((each) => where(each).y + where(each).h));
      shift += bottom - top;
      const below = inside.map((each) => ({
        panel: each,
        at: { ...where(each), y: where(each).y - top + at.y + at.h },
      }));
      return [{ panel, at }, ...below];
    });
}

function where({ gridPos }: PanelModel): GridPosition {
  return gridPos ?? whereUnknown;
}

function pixels({ x, y, w, h }: GridPosition, width: number): Rectangle {
  const column = (width - margin * (columns - 1)) / columns;
  return {
    x: Math.round(x * (column + margin)),
    y: y * (cellHeight + margin),
    width: Math.round(w * (column + margin) - margin),
    height: h * (cellHeight + margin) - margin,
  };
}
