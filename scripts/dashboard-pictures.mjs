// Draws pictures of the live dashboards, page and terminal, from made-up data that is the same each time.
//   node scripts/dashboard-pictures.mjs [FOLDER]   every theme at 360, 1280 and 2560 pixels, the terminal at 80x24 and 200x50
//   node scripts/dashboard-pictures.mjs --docs     those of docs/images/dashboards-live
// It needs the system part `chromium` of npm run stack:install, and script(1).
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import { chromium } from 'playwright-core';
import { pictureData } from './dashboard-pictures-data.mjs';
import { systemProgram } from './stack-system.mjs';
import { terminalHtml } from './terminal-html.mjs';
import { root } from './workspaces.mjs';

const bin = join(root, 'packages/probe-cli/bin/benchlab-probe.mjs');
const [wanted] = process.argv.slice(2);
const isForDocs = wanted === '--docs';
const out = isForDocs ? join(root, 'docs/images/dashboards-live') : (wanted ?? join(tmpdir(), 'dashboard-pictures'));
const data = mkdtempSync(join(tmpdir(), 'benchlab-pictures-'));
const inputs = pictureData(data);
const browser = await chromium.launch({ executablePath: systemProgram('chromium'), args: ['--no-sandbox'] });
const children = [];
try {
  mkdirSync(out, { recursive: true });
  const url = await served();
  const flowUrl = await served('--input', inputs.flow, '--flow', join(root, 'configs/flows/clinic.yaml'));
  if (isForDocs) {
    await page('page-dark', 'dark', 1280, url, 980);
    await page('page-light', 'light', 1280, url, 980);
    await page('flow', 'dark', 1280, flowUrl, 460);
    await page('page-narrow', 'light', 360, url, 980);
    await page('fleet', 'dark', 1280, `${url}#fleet`, 560);
    await terminal('terminal', 'dark', 140, 40);
  } else {
    for (const theme of ['dark', 'light', 'release']) {
      for (const width of [360, 1280, 2560]) await page(`page-${theme}-${width}`, theme, width, url);
      await page(`flow-${theme}`, theme, 1280, flowUrl, 600);
      await page(`fleet-${theme}`, theme, 1280, `${url}#fleet`);
      for (const [columns, rows] of [
        [80, 24],
        [200, 50],
      ])
        await terminal(`terminal-${theme}-${columns}x${rows}`, theme, columns, rows);
    }
  }
} finally {
  for (const child of children) child.kill('SIGKILL');
  await browser.close();
  rmSync(data, { recursive: true });
}

/** The address of a page with the data. */
function served(...more) {
  const named = inputs.named.flatMap((input) => ['--input', input]);
  const args = ['web', '--listen', '127.0.0.1:0', '--baseline', inputs.baseline, ...named, ...more];
  const child = spawn(process.execPath, [bin, ...args], { cwd: data, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('The page was not served.')));
    child.stdout.on('data', (text) => {
      const [, address] = /is at (\S+)/.exec(String(text)) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
}

/** @param height of the picture; all of the page where it is absent */
async function page(name, theme, width, address, height) {
  const tab = await browser.newPage({ viewport: { width, height: height ?? (width === 360 ? 740 : 900) } });
  await tab.addInitScript((chosen) => localStorage.setItem('benchlab.theme', chosen), theme);
  await tab.goto(address);
  await tab.waitForSelector(address.includes('#fleet') ? '.fleet tbody tr' : '.card');
  // Frames without their second stage count as dropped once nothing came for a second.
  await tab.waitForTimeout(3_000);
  await save(name, await tab.screenshot({ fullPage: height === undefined, scale: 'css' }));
  await tab.close();
}

/** The screen of the real command on a pseudo-terminal, as a real emulator has it, drawn as text of a page. */
async function terminal(name, theme, columns, rows) {
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const words = ['tui', '--theme', theme, '--baseline', inputs.baseline];
  const line = [process.execPath, bin, ...words, ...inputs.named.flatMap((input) => ['--input', input])].join(' ');
  const child = spawn(
    systemProgram('script'),
    ['-q', '-e', '-f', '-c', `stty cols ${columns} rows ${rows}; exec ${line}`, '/dev/null'],
    {
      cwd: data,
      env: { ...process.env, TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8', SHELL: '/bin/sh' },
    },
  );
  children.push(child);
  child.stdout.on('data', (bytes) => emulator.write(bytes));
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const tab = await browser.newPage({ viewport: { width: 400, height: 400 } });
  await tab.setContent(terminalHtml(emulator));
  await save(name, await tab.locator('pre').screenshot());
  await tab.close();
  child.stdin.write('q');
  emulator.dispose();
}

/** As WebP, by the browser: half the bytes of PNG. */
async function save(name, png) {
  const tab = await browser.newPage();
  const webp = await tab.evaluate(
    async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
      canvas.getContext('2d').drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', 0.86);
    },
    `data:image/png;base64,${png.toString('base64')}`,
  );
  await tab.close();
  const bytes = Buffer.from(webp.slice(webp.indexOf(',') + 1), 'base64');
  const file = join(out, `${name}.webp`);
  writeFileSync(file, bytes);
  if (!isForDocs) writeFileSync(join(out, `${name}.png`), png);
  console.log(`${file} ${Math.round(bytes.length / 1024)} kB`);
}
