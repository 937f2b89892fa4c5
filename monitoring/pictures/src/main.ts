// The command: options, data, dashboards, pictures, findings.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onPath } from '../../../scripts/stack-system.mjs';
import { fingerprints, record } from '../drawnFrom.mjs';
import { mostBytes, type Painter, startPainter, type Theme } from './browser.ts';
import { bundledPage } from './bundle.ts';
import { type DashboardFile, dashboardFiles } from './dashboardFiles.ts';
import { dataAt, generatedData, type PictureData } from './data.ts';
import { measuredFindings } from './findings.ts';
import { parts } from './layout.ts';
import type { DashboardModel } from './model.ts';
import { help, type PictureOptions, pictureOptions } from './options.ts';
import { prometheusClient } from './prometheus.ts';
import { sceneOf } from './scene.ts';
import { timeRange } from './timeRange.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const dashboardsFolder = join(root, 'monitoring/grafana/dashboards');
const imagesFolder = fileURLToPath(new URL('../node_modules/@grafana/ui/dist/public/img', import.meta.url));
const fontsFolder = '/usr/share/fonts/opentype/inter';
const defaultOut = join(root, 'docs/images/dashboards');
const pageWidth = 1440;
/** Where no time is given and a dashboard has none. */
const defaultFrom = 'now-6h';

/** The exit code: 1 where a picture could not be drawn. Findings are printed; they are for people to judge. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const options = pictureOptions(args);
    if (options !== undefined) return await draw(options);
    console.log(help);
    return 0;
  } catch (error) {
    console.error(`pictures: ${(error as Error).message}`);
    return 1;
  }
}

async function draw(options: PictureOptions): Promise<number> {
  const files = dashboardFiles(options.dashboards ?? dashboardsFolder, options.only);
  const data = options.prometheus === undefined ? await generatedData() : dataAt(options.prometheus);
  try {
    // A wrong address is an error, not twenty dashboards without data.
    await prometheusClient(data.url).instant('vector(1)', data.nowMs);
    const executable = onPath('chromium') ?? 'chromium';
    const painter = await startPainter({ ...(await bundledPage()), imagesFolder, fontsFolder, executable });
    try {
      return await drawAll(files, options, data, painter);
    } finally {
      await painter.close();
    }
  } finally {
    await data.stop();
  }
}

async function drawAll(
  files: readonly DashboardFile[],
  options: PictureOptions,
  data: PictureData,
  painter: Painter,
): Promise<number> {
  const out = options.out ?? defaultOut;
  mkdirSync(out, { recursive: true });
  let code = 0;
  const failed = new Set<string>();
  for (const drawing of files.flatMap((file) => drawings(file, options.light))) {
    try {
      for (const finding of await drawOne(drawing, out, options, data, painter))
        console.log(`${drawing.name}: ${finding}`);
    } catch (error) {
      console.error(`${drawing.name}: it was not drawn: ${(error as Error).message}`);
      code = 1;
      failed.add(drawing.name.replace(/-rows$/, ''));
    }
  }
  if (isCommitted(options)) {
    const drawn = files.map(({ name }) => name).filter((name) => !failed.has(name));
    record(drawn, fingerprints(await import('../../dist/dataSet/index.js')));
  }
  return code;
}

/** Whether the pictures are those of the repository: as the dashboards open, on the generated data. */
function isCommitted({ out, dashboards, prometheus, from, to, variables, format }: PictureOptions): boolean {
  const isOther = [out, dashboards, prometheus, from, to].some((each) => each !== undefined);
  return !isOther && Object.keys(variables).length === 0 && format === 'webp';
}

interface Drawing {
  readonly name: string;
  readonly model: DashboardModel;
  readonly themes: readonly Theme[];
}

/** The files of one dashboard: as it opens, the panels of its rows, and where it is wanted the first in light. */
function drawings({ name, model }: DashboardFile, light: readonly string[]): Drawing[] {
  const { open, rows } = parts(model);
  const first: Drawing = { name, model: open, themes: light.includes(name) ? ['dark', 'light'] : ['dark'] };
  return rows ? [first, { name: `${name}-rows`, model: rows, themes: ['dark'] }] : [first];
}

async function drawOne(
  { name, model, themes }: Drawing,
  out: string,
  options: PictureOptions,
  data: PictureData,
  painter: Painter,
): Promise<string[]> {
  const from = options.from ?? model.time?.from ?? defaultFrom;
  const { scene, findings } = await sceneOf(model, prometheusClient(data.url), {
    range: timeRange(from, options.to ?? model.time?.to ?? 'now', data.nowMs),
    width: pageWidth,
    scrapeIntervalMs: options.scrapeIntervalMs ?? data.scrapeIntervalMs,
    variables: options.variables,
  });
  const all = [...findings];
  for (const theme of themes) {
    const { image, measured } = await painter.draw(scene, theme, options.format);
    const file = `${name}${theme === 'light' ? '-light' : ''}.${options.format}`;
    writeFileSync(join(out, file), image);
    console.log(`${file}: ${scene.placed.length} panels and rows, ${Math.round(image.length / 1000)} kB`);
    if (image.length > mostBytes) all.push(`${file} has ${image.length} bytes, more than ${mostBytes}.`);
    // The light picture has the same sizes.
    if (theme === 'dark') all.push(...measured.flatMap(measuredFindings));
  }
  return all;
}
