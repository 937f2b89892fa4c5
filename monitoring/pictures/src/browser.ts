import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Measured } from './findings.ts';
import type { Scene } from './scene.ts';

export type Theme = 'dark' | 'light';

export interface Picture {
  readonly image: Buffer;
  readonly measured: readonly Measured[];
}

export interface Painter {
  draw(scene: Scene, theme: Theme, format: 'webp' | 'png'): Promise<Picture>;
  close(): Promise<void>;
}

export interface PainterOptions {
  /** The program Chromium. */
  readonly executable: string;
  readonly script: string;
  readonly style: string;
  /** What Grafana's parts load: icons, and the faces of Inter. */
  readonly imagesFolder: string;
  readonly fontsFolder: string;
}

/** No server answers there: each request is answered from files, and nothing leaves the machine. */
const address = 'http://pictures.invalid/';
const drawLimitMs = 60_000;
/** A page that people read in a browser. */
export const mostBytes = 200_000;
/** Text and thin lines stay sharp at the first, at which twenty panels take some 180 kB; the others are for more panels. */
const webpQualities = [72, 60, 48, 36, 26];

export async function startPainter(options: PainterOptions): Promise<Painter> {
  const browser = await chromium.launch({
    executablePath: options.executable,
    // A machine that builds often runs as root and has a small /dev/shm.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none', '--hide-scrollbars'],
  });
  return {
    draw: (scene, theme, format) => draw(browser, options, scene, theme, format),
    close: () => browser.close(),
  };
}

async function draw(
  browser: Browser,
  options: PainterOptions,
  scene: Scene,
  theme: Theme,
  format: 'webp' | 'png',
): Promise<Picture> {
  const context = await browser.newContext({
    viewport: { width: scene.width, height: 900 },
    timezoneId: 'UTC',
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.route('**/*', (route) =>
      answer(route.request().url(), options).then((response) => route.fulfill(response)),
    );
    await page.goto(address);
    const size = await page.evaluate(async ([each, name]) => window.drawDashboard(each, name), [scene, theme] as const);
    await page.setViewportSize(size);
    await page.waitForLoadState('networkidle');
    await page.waitForFunction(() => window.isDrawn(), undefined, { timeout: drawLimitMs });
    if (faults.length > 0) throw new Error(`The page failed: ${faults.join('; ')}`);
    const measured = await page.evaluate(() => window.measurePanels());
    return { image: await screenshot(page, format), measured };
  } finally {
    await context.close();
  }
}

/** Playwright itself writes no WebP. */
async function screenshot(page: Page, format: 'webp' | 'png'): Promise<Buffer> {
  if (format === 'png') return page.screenshot();
  const session = await page.context().newCDPSession(page);
  let image = Buffer.alloc(0);
  for (const quality of webpQualities) {
    const { data } = await session.send('Page.captureScreenshot', { format, quality });
    image = Buffer.from(data, 'base64');
    if (image.length <= mostBytes) break;
  }
  return image;
}

interface Answer {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string | Buffer;
}

async function answer(url: string, { script, style, imagesFolder, fontsFolder }: PainterOptions): Promise<Answer> {
  const { pathname } = new URL(url);
  if (pathname === '/') {
    const body = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="page.css"><div id="styles"></div><div id="page"></div><script src="page.js"></script>`;
    return { status: 200, contentType: 'text/html', body };
  }
  if (pathname === '/page.js') return { status: 200, contentType: 'text/javascript', body: script };
  if (pathname === '/page.css') return { status: 200, contentType: 'text/css', body: style };
  const [, image] = pathname.match(/^\/public\/build\/img\/([\w/-]+\.svg)$/) ?? [];
  if (image !== undefined) return fromFile(join(imagesFolder, image), 'image/svg+xml');
  // Grafana serves WOFF2 there. A face that fails to load hides the system's font of that name, too.
  const [, face] = pathname.match(/\/(Inter-\w+)\.woff2$/) ?? [];
  return face === undefined ? { status: 404 } : fromFile(join(fontsFolder, `${face}.otf`), 'font/otf');
}

function fromFile(path: string, contentType: string): Promise<Answer> {
  return readFile(path).then(
    (body) => ({ status: 200, contentType, body }),
    () => ({ status: 404 }),
  );
}

declare global {
  // What page/page.tsx offers.
  interface Window {
    drawDashboard(scene: Scene, theme: Theme): Promise<{ width: number; height: number }>;
    isDrawn(): boolean;
    measurePanels(): readonly Measured[];
  }
}
