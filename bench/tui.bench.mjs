// What `benchlab-probe tui` costs. CPU: a screen of 120 x 39 drawn every 200 ms while 1,000 frames a second come in, by the cells of
// this repository and by Ink, in processes of their own whose rounds alternate. The figures that both draw cost the same: a third
// variant makes them and draws nothing, and the ratio of drawing is without it. Then the real command on a pseudo-terminal: time
// to the first frame, memory, and time from an append to its paint.
// Ink is a peer of its own installation: npm install --prefix bench/peers

import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Dashboard } from '../packages/dashboard/dist/model/index.js';
import { Cells } from '../packages/dashboard/dist/terminal/cells.js';
import { drawScreen } from '../packages/dashboard/dist/terminal/drawScreen.js';
import { frameOf } from '../packages/dashboard/dist/terminal/frame.js';
import { paletteOf } from '../packages/dashboard/dist/terminal/palette.js';
import { firstState } from '../packages/dashboard/dist/terminal/screenState.js';
import { quantile, round, shuffled } from './interleave.mjs';

const [columns, rows, refreshMs, roundMs, rounds] = [120, 39, 200, 6_000, 5];
const own = fileURLToPath(import.meta.url);
const bin = fileURLToPath(new URL('../packages/probe-cli/bin/benchlab-probe.mjs', import.meta.url));
const peers = new URL('./peers/node_modules/', import.meta.url);
const theme = JSON.parse(
  readFileSync(new URL('../packages/dashboard/assets/dashboards/themes/dark.json', import.meta.url), 'utf8'),
);

const screens = { model: noScreen, cells: cellScreen, ink: inkScreen };
const [variant] = process.argv.slice(2);
if (variant === undefined) await compare();
else await drawFor(variant);

/** One round of one variant, in a process of its own. Prints what it cost. */
async function drawFor(name) {
  const started = performance.now();
  const show = await screens[name]();
  const importMs = performance.now() - started;
  const dashboard = new Dashboard();
  let fed = 0;
  const feed = setInterval(() => {
    const nowMs = Date.now();
    for (let each = 0; each < 20; each++) {
      const latencyMs = 8 + 3 * Math.sin(fed++ / 300) + (fed % 7);
      const frame = { node: 'local', from: 'ingress', to: 'encoded', isExact: true, timeMs: nowMs, latencyMs };
      dashboard.add('in', { kind: 'latency', ...frame }, nowMs);
    }
    dashboard.add(
      'in',
      { kind: 'power', node: 'local', source: 'board', timeMs: nowMs, watts: 240 + (fed % 9) },
      nowMs,
    );
  }, 20);
  let [frames, bytes] = [0, 0];
  const before = process.cpuUsage();
  const draw = setInterval(() => {
    bytes += show(dashboard);
    frames++;
  }, refreshMs);
  await new Promise((resolve) => setTimeout(resolve, roundMs));
  const { user, system } = process.cpuUsage(before);
  clearInterval(feed);
  clearInterval(draw);
  console.log(JSON.stringify({ cpu: (user + system) / 1000 / roundMs, bytesPerFrame: bytes / frames, importMs }));
  process.exit(0);
}

/** Makes the figures and curves of a frame, and draws nothing. */
function noScreen() {
  return (dashboard) => {
    const nowMs = Date.now();
    dashboard.view({ filter: '' }, nowMs);
    dashboard.chart({ filter: '' }, nowMs, 100);
    return 0;
  };
}

/** Draws by cells. Returns the bytes of each frame. */
function cellScreen() {
  const palette = paletteOf(theme, 'truecolor');
  const state = firstState('braille');
  let shown;
  return (dashboard) => {
    const cells = new Cells(columns, rows);
    drawScreen(cells, state, { dashboard, nowMs: Date.now(), themeName: 'dark', columns: [] });
    const frame = frameOf(cells, shown, palette);
    shown = cells;
    return Buffer.byteLength(frame);
  };
}

/** Gives the same rows to Ink, a text each. Returns the bytes that Ink wrote since the frame before. */
async function inkScreen() {
  const { Box, render, Text } = await import(new URL('ink/build/index.js', peers).href);
  const { default: React } = await import(new URL('react/index.js', peers).href);
  const { PassThrough } = await import('node:stream');
  let written = 0;
  const stdout = Object.assign(new PassThrough(), { columns, rows, isTTY: true });
  stdout.on('data', (chunk) => {
    written += chunk.length;
  });
  const tree = (lines) =>
    React.createElement(
      Box,
      { flexDirection: 'column', width: columns, height: rows },
      lines.map((line, row) =>
        React.createElement(Text, { key: row, wrap: 'truncate', color: '#839496' }, line || ' '),
      ),
    );
  const app = render(tree([]), { stdout, exitOnCtrlC: false, patchConsole: false });
  const state = firstState('braille');
  return (dashboard) => {
    const cells = new Cells(columns, rows);
    drawScreen(cells, state, { dashboard, nowMs: Date.now(), themeName: 'dark', columns: [] });
    app.rerender(tree(cells.lines()));
    const bytes = written;
    written = 0;
    return bytes;
  };
}

async function compare() {
  const names = existsSync(new URL('ink/package.json', peers)) ? ['model', 'cells', 'ink'] : ['model', 'cells'];
  if (!names.includes('ink')) console.log('Ink is not installed: npm install --prefix bench/peers');
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let each = 0; each < rounds; each++) for (const name of shuffled(names)) results[name].push(roundOf(name));
  console.log(
    `\na screen of ${columns} x ${rows} every ${refreshMs} ms, 1,000 frames a second, Node ${process.versions.node}`,
  );
  console.table(
    names.map((name) => {
      const of = (field) =>
        round(
          quantile(
            results[name].map((result) => result[field]),
            0.5,
          ),
        );
      const [mine, ink, model] = [results[name], results.ink, results.model];
      const middle = (ratios) => (ink === undefined ? 'not measured' : round(quantile(ratios, 0.5)));
      const drawing = mine.map(({ cpu }, at) => (cpu - model[at].cpu) / ((ink?.[at].cpu ?? 0) - model[at].cpu));
      return {
        variant: name,
        'of a core': round(
          quantile(
            mine.map(({ cpu }) => cpu),
            0.5,
          ),
        ),
        'ratio to ink': middle(mine.map(({ cpu }, at) => cpu / (ink?.[at].cpu ?? Number.NaN))),
        'drawing alone': middle(drawing),
        'bytes a frame': Math.round(of('bytesPerFrame')),
        'import ms': Math.round(of('importMs')),
      };
    }),
  );
  await command();
}

function roundOf(name) {
  const { stdout, stderr } = spawnSync(process.execPath, [own, name], { encoding: 'utf8' });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`${name} failed:\n${stdout}${stderr}`);
  }
}

/** The real command on a pseudo-terminal of script(1), read by a real emulator. */
async function command() {
  const { default: xterm } = await import('@xterm/headless');
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-tui-bench-'));
  const file = join(folder, 'events.jsonl');
  writeFileSync(file, '');
  const [firstFrames, paints] = [[], []];
  let rssMb = 0;
  try {
    for (let start = 0; start < 8; start++) {
      const { child, ended, firstFrame } = started(file);
      firstFrames.push(await firstFrame);
      child.stdin.write('q');
      await ended;
    }
    const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    const { child, ended, firstFrame, pid } = started(file, terminal);
    await firstFrame;
    child.stdin.write('\t');
    const text = () =>
      Array.from({ length: rows }, (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true)).join('\n');
    let frame = 0;
    const feed = setInterval(() => {
      const timeNs = Number(process.hrtime.bigint());
      const line = (stage, afterNs) =>
        `${JSON.stringify({ timeNs: timeNs + afterNs, stage, frameId: String(frame) })}\n`;
      let lines = '';
      for (let each = 0; each < 10; each++, frame++) lines += line('ingress', 0) + line('encoded', 5e6);
      appendFileSync(file, lines);
    }, 20);
    for (let marker = 0; marker < 60; marker++) {
      await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 200));
      const id = `marker-${String(marker).padStart(3, '0')}`;
      const event = {
        timestamp: new Date().toISOString(),
        component: 'bench',
        event: 'launch',
        context: { correlation_id: id },
      };
      const appended = performance.now();
      appendFileSync(file, `${JSON.stringify(event)}\n`);
      while (!text().includes(id)) await new Promise((resolve) => setTimeout(resolve, 2));
      paints.push(performance.now() - appended);
    }
    clearInterval(feed);
    rssMb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${await pid}/status`, 'utf8'))?.[1]) / 1024;
    child.stdin.write('q');
    await ended;
  } finally {
    rmSync(folder, { recursive: true });
  }
  const row = (what, values, unit) => ({
    what,
    p50: round(quantile(values, 0.5)),
    p95: round(quantile(values, 0.95)),
    unit,
  });
  console.table([
    row('start to first frame', firstFrames, 'ms'),
    row('append to paint, 1,000 lines a second', paints, 'ms'),
    row('resident memory after it', [rssMb], 'MB'),
  ]);
}

function started(file, terminal) {
  const at = performance.now();
  const line = `stty cols ${columns} rows ${rows}; echo "pid=$$."; exec '${process.execPath}' '${bin}' tui --input '${file}'`;
  const child = spawn('script', ['-q', '-e', '-f', '-c', line, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8', SHELL: '/bin/sh' },
  });
  let text = '';
  const seen = (pattern) =>
    new Promise((resolve) => {
      child.stdout.on('data', () => {
        const match = pattern.exec(text);
        if (match !== null) resolve(match);
      });
    });
  child.stdout.on('data', (chunk) => {
    text = (text + chunk.toString('latin1')).slice(-20_000);
    terminal?.write(chunk);
  });
  return {
    child,
    ended: new Promise((resolve) => child.once('close', resolve)),
    firstFrame: seen(/\[\?2026l/).then(() => performance.now() - at),
    pid: seen(/pid=(\d+)\./).then(([, pid]) => Number(pid)),
  };
}
