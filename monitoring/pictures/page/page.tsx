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
import { createRoot, type Root } from 'react-dom/client';
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
/** Grafana's styles are there after one or two; without them the picture has another font, and is still drawn. */
const mostFrames = 300;

let drawnAt: number | undefined;

async function drawDashboard(scene: Scene, name: 'dark' | 'light'): Promise<{ width: number; height: number }> {
  const theme = createTheme({ colors: { mode: name } });
  document.body.style.background = theme.colors.background.canvas;
  document.body.dataset.theme = name;
  const range = timeRange(scene);
  const frames = await Promise.all(scene.placed.map((placed) => framesOf(placed, theme)));
  // First the styles with the faces of the font, in a root that stays: Grafana's parts measure texts while they draw.
  rootOf('styles').render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
    </ThemeContext.Provider>,
  );
  await fontsThere();
  rootOf('page').render(<Page scene={scene} frames={frames} range={range} theme={theme} />);
  drawnAt = performance.now();
  return { width: scene.width + 2 * padding, height: scene.height + headerHeight + padding };
}

function rootOf(id: string): Root {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element "${id}".`);
  return createRoot(element);
}

/** Resolves when the faces are declared and loaded; what is drawn on a canvas before has another font. */
async function fontsThere(): Promise<void> {
  for (const font of ['400 12px Inter', '500 14px Inter']) {
    for (let frame = 0; frame < mostFrames && (await document.fonts.load(font)).length === 0; frame++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }
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
