import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatStageLine } from '@benchlab-otel/wire';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pictureData } from '../../scripts/dashboard-pictures-data.mjs';
import { systemProgram } from '../../scripts/stack-system.mjs';
import { freePorts, until } from './process.ts';

// The page of `benchlab-probe web` in a real browser: what the demo wrote, on its emulated board, and frames that come while it
// is open.

const bin = fileURLToPath(new URL('../../packages/probe-cli/bin/benchlab-probe.mjs', import.meta.url));
const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'benchlab-page-'));
const [events, frames] = [join(folder, 'demo.jsonl'), join(folder, 'frames.jsonl')];
const children: ChildProcess[] = [];
let url: string;
let proxy: Awaited<ReturnType<typeof breakableProxy>>;
let browser: Browser;

function probe(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

/** Passes bytes on, until it cuts all connections. */
async function breakableProxy(target: number) {
  const open = new Set<Socket>();
  const server: Server = createServer((from) => {
    const to = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => other.destroy());
      socket.pipe(other);
    }
  });
  const [port = 0] = await freePorts(1);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}/`,
    cut() {
      for (const socket of open) socket.destroy();
      open.clear();
    },
    async close() {
      this.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let frameId = 0;
/** Frames of now with a latency of 5 ms. */
function addFrames(count: number): void {
  const nowNs = Number(process.hrtime.bigint());
  let text = '';
  for (let n = 0; n < count; n++) {
    const frame = { frameId: `${frameId++}`, uncertaintyNs: 0, source: 'pipeline' };
    const timeNs = nowNs - 50e6 + n;
    text += `${formatStageLine({ ...frame, stage: 'ingress', timeNs })}\n`;
    text += `${formatStageLine({ ...frame, stage: 'encoded', timeNs: timeNs + 5e6 })}\n`;
  }
  appendFileSync(frames, text);
}

beforeAll(async () => {
  const program = systemProgram('chromium');
  const demo = probe('demo', '--for', '3s', '--metrics-port', '0', '--telemetry-out', events);
  await new Promise((resolve) => demo.once('close', resolve));
  addFrames(100);
  const [port = 0] = await freePorts(1);
  probe('web', '--input', events, '--input', `rig-07=${frames}`, '--listen', `127.0.0.1:${port}`);
  url = `http://127.0.0.1:${port}/`;
  await until('the page to be served', async () => (await fetch(url).catch(() => undefined))?.ok);
  proxy = await breakableProxy(port);
  browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  for (const child of children) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

/** A page, with all that it wrote to the console and asked other hosts for. */
async function opened(address: string, width = 1280): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: false });
  const faults: string[] = [];
  page.on('console', (message) => {
    // A cut connection is an error in the console of Chromium.
    if (message.type() === 'error' && !/WebSocket|ERR_/.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(address).host) faults.push(`asked ${request.url()}`);
  });
  await page.goto(address);
  await page.waitForSelector('.card');
  return { page, faults };
}

/** n of the frames in the table of operations. */
const framesShown = async (page: Page) => {
  const row = page.locator('tr', { hasText: 'ingress → encoded' }).locator('td').nth(1);
  return Number((await row.textContent({ timeout: 10_000 }))?.replaceAll(',', ''));
};

/** Waits for the page to show it: until then the table may still get frames that came before. */
const pause = async (page: Page) => {
  await page.keyboard.press('p');
  await page.locator('button[aria-pressed="true"]', { hasText: 'Resume' }).waitFor();
};

test('shows the run of the demo as simulated, and frames with their verdict in words', async () => {
  const { page, faults } = await opened(url);
  await page.getByRole('region', { name: 'Runs' }).getByText('benchlab-probe').first().waitFor();
  expect(await page.locator('.status').textContent()).toContain('simulated');
  expect(await page.locator('.verdict').textContent()).toMatch(/5\.00 ms● goodbelow 10 ms · 100 frames/);
  await page.getByRole('link', { name: 'Fleet' }).click();
  await page.locator('.fleet tbody tr').nth(1).waitFor();
  expect(await page.locator('.fleet tbody tr').count()).toBe(2);
  expect(faults).toEqual([]);
  await page.close();
});

test('loses no row and doubles none when its connection is cut again and again', async () => {
  const { page, faults } = await opened(proxy.url);
  const before = await framesShown(page);
  for (let round = 1; round <= 5; round++) {
    addFrames(200);
    proxy.cut();
    addFrames(200);
    await until(`${round * 400} more frames`, async () => (await framesShown(page)) >= before + round * 400);
  }
  await page.waitForTimeout(500);
  expect(await framesShown(page)).toBe(before + 2_000);
  expect(faults).toEqual([]);
  await page.close();
});

test('keeps what it shows while it is paused, and counts the rest', async () => {
  const { page } = await opened(url);
  await pause(page);
  const before = await framesShown(page);
  addFrames(50);
  await page.getByRole('button', { name: 'Resume, +100' }).waitFor();
  expect(await framesShown(page)).toBe(before);
  await page.keyboard.press('p');
  await until('the frames after the pause', async () => (await framesShown(page)) === before + 50);
  await page.close();
});

test('saves the rows that are shown as CSV, and the chart as a picture', async () => {
  const { page } = await opened(url);
  await pause(page);
  const rows = await framesShown(page);
  await page.locator('.menu summary').click();
  const saved = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    return readFileSync(await download.path());
  };
  const csv = (await saved('Rows as CSV')).toString('utf8');
  expect(csv).toMatch(/^time,node,kind,series,outcome,latency_ms,power_w,/);
  expect(csv.split('\r\n').filter((line) => line.includes('ingress → encoded'))).toHaveLength(rows);
  const png = await saved('Chart as PNG');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1600, 800]);
  await page.close();
});

test('its report and rows are byte for byte those that the command makes without a browser', async () => {
  const { baseline } = pictureData(folder);
  const [port = 0] = await freePorts(1);
  const from = ['--input', `bench-1=${join(folder, 'pipeline.jsonl')}`, '--baseline', join(folder, baseline)];
  probe('web', ...from, '--listen', `127.0.0.1:${port}`);
  await until(
    'the page to be served',
    async () => (await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined))?.ok,
  );
  const page = await browser.newPage();
  await page.addInitScript(`localStorage.setItem('benchlab.theme', 'dark')`);
  await page.goto(`http://127.0.0.1:${port}/`);
  await until('all frames', async () => (await framesShown(page).catch(() => 0)) > 5_900);
  // The last frames without their second stage count as dropped once nothing came for a second.
  await page.waitForTimeout(2_500);
  await page.locator('.menu summary').click();
  const saved = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    return readFileSync(await download.path(), 'utf8');
  };
  const [report, csv] = [await saved('Report as HTML'), await saved('Rows as CSV')];
  await page.close();
  const own = (end: string) => join(folder, `own.${end}`);
  const command = probe('snapshot', ...from, '--out', own('html'), '--out', own('csv'), '--out', own('png'));
  expect(await new Promise((resolve) => command.once('close', resolve))).toBe(0);
  expect(report).toContain('frames · ');
  expect(report).toBe(readFileSync(own('html'), 'utf8'));
  expect(csv).toBe(readFileSync(own('csv'), 'utf8'));
  expect(readFileSync(own('png')).subarray(1, 4).toString()).toBe('PNG');
});

test.each([
  ['dark', 1280, ''],
  ['light', 1280, ''],
  ['release', 1280, ''],
  ['dark', 360, ''],
  ['light', 360, '#fleet'],
])(
  'has no violation that axe finds, and no wider line than the screen: %s, %i px, "%s"',
  async (theme, width, hash) => {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    await page.addInitScript(`localStorage.setItem('benchlab.theme', '${theme}')`);
    await page.goto(`${url}${hash}`);
    await page.waitForSelector('.card, .fleet');
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    // By the debugger, which the policy of the page does not bind.
    await page.evaluate(axeSource);
    const { violations } = (await page.evaluate('axe.run()')) as {
      violations: { id: string; nodes: { html: string }[] }[];
    };
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
    await page.close();
  },
);
