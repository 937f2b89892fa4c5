import type { Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Section } from './dashboardDefinition.ts';
import type { PanelDefinition } from './panels/panelDefinition.ts';

/** Columns of Grafana's grid. */
const columns = 24;

/** The panels with their places: side by side in their order, and on a new line where the next one has no room. */
export function placed(panels: readonly PanelDefinition[], sections: readonly Section[]): (Panel | RowPanel)[] {
  const open = flowed(panels, 0);
  let y = open.bottom;
  const rows = sections.map((section): RowPanel => {
    const { id, title } = section;
    const inside = flowed(section.panels, y + 1);
    const row: RowPanel = {
      type: 'row',
      id,
      title,
      collapsed: true,
      gridPos: { h: 1, w: columns, x: 0, y },
      panels: [...inside.panels],
    };
    // Closed, a section takes one line; the places inside count from there.
    y += 1;
    return row;
  });
  return [...open.panels, ...rows];
}

function flowed(panels: readonly PanelDefinition[], top: number): { panels: readonly Panel[]; bottom: number } {
  let x = 0;
  let y = top;
  let lineHeight = 0;
  const placedPanels = panels.map(({ build, title, width, height }) => {
    if (width > columns) throw new RangeError(`"${title}" is ${width} columns wide; the grid has ${columns}.`);
    if (x + width > columns) {
      x = 0;
      y += lineHeight;
      lineHeight = 0;
    }
    const gridPos = { h: height, w: width, x, y };
    x += width;
    lineHeight = Math.max(lineHeight, height);
    return { ...build(), gridPos };
  });
  return { panels: placedPanels, bottom: y + lineHeight };
}
