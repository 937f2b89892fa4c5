import type { DashboardModel, GridPosition, PanelModel } from './model.ts';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Placed =
  | { readonly kind: 'row'; readonly title: string; readonly at: Rectangle }
  | { readonly kind: 'panel'; readonly panel: PanelModel; readonly at: Rectangle };

export interface Layout {
  readonly placed: readonly Placed[];
  readonly height: number;
}

/** Grafana's grid: 24 columns, cells of 30 pixels, 8 between them (GRID_COLUMN_COUNT, GRID_CELL_HEIGHT, GRID_CELL_VMARGIN). */
const columns = 24;
const cellHeight = 30;
const margin = 8;
const whereUnknown: GridPosition = { x: 0, y: 0, w: columns, h: 8 };

/** Where each panel stands on a page of this width. Rows are drawn open, so that every panel is seen. */
export function layout({ panels = [] }: DashboardModel, width: number): Layout {
  const placed = opened(panels).map(({ panel, at }): Placed => {
    const rectangle = pixels(at, width);
    return panel.type === 'row'
      ? { kind: 'row', title: panel.title ?? '', at: rectangle }
      : { kind: 'panel', panel, at: rectangle };
  });
  return { placed, height: Math.max(0, ...placed.map(({ at }) => at.y + at.height)) };
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
      const inside = panel.type === 'row' && panel.collapsed ? (panel.panels ?? []) : [];
      if (inside.length === 0) return [{ panel, at }];
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
