import { describe, expect, test } from 'vitest';
import { layout, parts } from './layout.ts';
import type { DashboardModel, PanelModel } from './model.ts';

const panel = (id: number, x: number, y: number, w: number, h: number): PanelModel => ({
  type: 'timeseries',
  id,
  title: `p${id}`,
  gridPos: { x, y, w, h },
});
const row = (title: string, y: number, panels: readonly PanelModel[]): PanelModel => ({
  type: 'row',
  title,
  collapsed: true,
  panels,
  gridPos: { x: 0, y, w: 24, h: 1 },
});
const dashboard: DashboardModel = {
  title: 'D',
  panels: [
    panel(1, 0, 0, 12, 8),
    panel(2, 12, 0, 12, 8),
    row('More', 8, [panel(3, 0, 9, 24, 6)]),
    panel(4, 0, 9, 24, 4),
  ],
};
const width = 24 * 52 + 23 * 8;

function placesOf(model: DashboardModel): [string, number, number][] {
  return layout(model, width).placed.map(({ at, ...each }) => [
    each.kind === 'row' ? each.title : String(each.panel.id),
    at.x,
    at.y,
  ]);
}

describe('panels', () => {
  test('stand on the grid of 24 columns, with 8 pixels between them', () => {
    const [left, right] = layout({ title: 'D', panels: [panel(1, 0, 0, 12, 8), panel(2, 12, 0, 12, 8)] }, width).placed;

    expect(left?.at).toEqual({ x: 0, y: 0, width: 712, height: 296 });
    expect(right?.at).toEqual({ x: 720, y: 0, width: 712, height: 296 });
  });

  test('of a collapsed row stand below it, and what follows moves down', () => {
    expect(placesOf(dashboard)).toEqual([
      ['1', 0, 0],
      ['2', 720, 0],
      ['More', 0, 8 * 38],
      ['3', 0, 9 * 38],
      ['4', 0, 15 * 38],
    ]);
  });

  test('without a place have the whole width', () => {
    expect(layout({ title: 'D', panels: [{ type: 'text' }] }, width).placed[0]?.at).toMatchObject({ x: 0, width });
  });

  test('that are missing give an empty page', () => {
    expect(layout({ title: 'D' }, width)).toEqual({ placed: [], height: 0 });
  });
});

describe('a dashboard with collapsed rows has two pictures', () => {
  test('as it opens, and what the rows hold, from the top of the page', () => {
    const { open, rows } = parts(dashboard);

    expect(placesOf(open).map(([name]) => name)).toEqual(['1', '2', 'More (1 panel)', '4']);
    expect(rows && placesOf(rows)).toEqual([
      ['More', 0, 0],
      ['3', 0, 38],
    ]);
  });

  test('which show every panel once', () => {
    const { open, rows } = parts(dashboard);
    const ids = [open, rows ?? open]
      .flatMap((each) => placesOf(each).map(([name]) => name))
      .filter((name) => /^\d+$/.test(name));

    expect(ids.sort()).toEqual(['1', '2', '3', '4']);
  });

  test('and one without such rows has one', () => {
    expect(parts({ title: 'D', panels: [panel(1, 0, 0, 24, 8)] }).rows).toBeUndefined();
  });
});
