import 'uplot/dist/uPlot.min.css';
import './page.css';
import {
  createTheme,
  type DataFrame,
  dateTimeForTimeZone,
  type GrafanaTheme2,
  ThemeContext,
  type TimeRange,
} from '@grafana/data';
import { GlobalStyles } from '@grafana/ui';
import type { ReactElement } from 'react';
import { createRoot } from 'react-dom/client';
import type { PlacedScene, Scene } from '../src/scene.ts';
import { dataFrames, registerTransformations, transformed } from './dataFrames.ts';
import { configured } from './fieldConfig.ts';
import { Header } from './header.tsx';
import { measurePanels } from './measure.ts';
import { Panel } from './panel.tsx';

const padding = 16;
const headerHeight = 88;
/** Fonts, icons and the size of legends settle within this time after the last panel is there. */
const settledMs = 600;

let drawnAt: number | undefined;

async function drawDashboard(scene: Scene, name: 'dark' | 'light'): Promise<{ width: number; height: number }> {
  const theme = createTheme({ colors: { mode: name } });
  document.body.style.background = theme.colors.background.canvas;
  document.body.dataset.theme = name;
  const range = timeRange(scene);
  const frames = await Promise.all(scene.placed.map((placed) => framesOf(placed, theme)));
  const root = document.getElementById('page');
  if (root === null) throw new Error('The page has no element "page".');
  const reactRoot = createRoot(root);
  // First the faces of the font: Grafana's parts measure texts while they draw.
  reactRoot.render(<GlobalStyles />);
  await fontsThere();
  reactRoot.render(<Page scene={scene} frames={frames} range={range} theme={theme} />);
  drawnAt = performance.now();
  return { width: scene.width + 2 * padding, height: scene.height + headerHeight + padding };
}

async function fontsThere(): Promise<void> {
  while (document.fonts.size === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
  await Promise.all(['400 12px Inter', '500 14px Inter'].map((font) => document.fonts.load(font)));
}

function Page({
  scene,
  frames,
  range,
  theme,
}: {
  scene: Scene;
  frames: DataFrame[][];
  range: TimeRange;
  theme: GrafanaTheme2;
}): ReactElement {
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <Header scene={scene} theme={theme} />
      {scene.placed.map((placed, index) => (
        <div
          key={`${placed.at.y}-${placed.at.x}`}
          className={placed.kind === 'row' ? 'placed section' : 'placed'}
          style={{
            left: placed.at.x + padding,
            top: placed.at.y + headerHeight,
            width: placed.at.width,
            height: placed.at.height,
          }}
          {...(placed.kind === 'panel' ? { 'data-panel': placed.panel.id } : {})}
        >
          {placed.kind === 'row' ? (
            <span style={{ ...theme.typography.h6, color: theme.colors.text.primary }}>
              {placed.isOpen ? '▾' : '▸'} {placed.title}
            </span>
          ) : (
            <Panel placed={placed} frames={frames[index] ?? []} range={range} theme={theme} />
          )}
        </div>
      ))}
    </ThemeContext.Provider>
  );
}

async function framesOf(placed: PlacedScene, theme: GrafanaTheme2): Promise<DataFrame[]> {
  if (placed.kind === 'row') return [];
  const { panel } = placed;
  return configured(await transformed(dataFrames(placed.frames), panel), panel.type, panel.fieldConfig ?? {}, theme);
}

function timeRange({ range: { fromMs, toMs } }: Scene): TimeRange {
  const [from, to] = [dateTimeForTimeZone('utc', fromMs), dateTimeForTimeZone('utc', toMs)];
  return { from, to, raw: { from, to } };
}

registerTransformations();
Object.assign(window, {
  drawDashboard,
  measurePanels,
  isDrawn: () =>
    drawnAt !== undefined &&
    performance.now() - drawnAt > settledMs &&
    hasIcons() &&
    document.fonts.status === 'loaded',
});

/** An icon is an empty image until its file is there. */
function hasIcons(): boolean {
  return [...document.querySelectorAll('[data-panel] svg[class]')].every(
    ({ childElementCount }) => childElementCount > 0,
  );
}
