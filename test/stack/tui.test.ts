import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { startNode } from '../../packages/probe-cli/src/host/childProbe.suite.ts';
import { gstPipeline } from '../../scripts/stack-system.mjs';
import { until } from './process.ts';
import { onTerminal, type ProbeOnTerminal } from './pseudoTerminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-tui-'));
const running: ProbeOnTerminal[] = [];
afterEach(() => {
  for (const each of running.splice(0)) each.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function tui(args: readonly string[], options: Parameters<typeof onTerminal>[1] = {}): Promise<ProbeOnTerminal> {
  const probe = await onTerminal(['tui', ...args], options);
  running.push(probe);
  return probe;
}

const run = (id: string, latencyMs: number, atMs = Date.now()) =>
  ['launch', 'completion']
    .map((event, at) => ({
      timestamp: new Date(atMs + at * latencyMs).toISOString(),
      component: 'infer',
      event,
      context: { correlation_id: id },
    }))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

let files = 0;
function newFile(text: string): string {
  const file = join(folder, `events-${files++}.jsonl`);
  writeFileSync(file, text);
  return file;
}

/** The cursor is visible and the main screen is back. */
function isRestored({ bytes, isAlternate }: ProbeOnTerminal): boolean {
  return !isAlternate && bytes.lastIndexOf('\x1b[?25h') > bytes.lastIndexOf('\x1b[?25l');
}

describe('the screen', () => {
  test('shows what a file holds and what is added to it, follows keys, and is given back', async () => {
    const file = newFile(run('first', 40));
    const probe = await tui(['--input', file]);
    await probe.shows(/● live/);
    await probe.shows(/runs 1/);
    appendFileSync(file, run('second', 60));
    await probe.shows(/runs 2/);
    probe.type('\t');
    await probe.shows(/second +infer +✓ ok/);
    probe.type('/first\r');
    await probe.shows(/\/first/);
    await until('the filter to hold', () => !probe.lines().join('\n').includes('second'));
    probe.type('\x1bp');
    await probe.shows(/paused, \+0/);
    probe.type('?');
    await probe.shows(/OSC 52/);
    expect(probe.isAlternate).toBe(true);
    probe.type('xq');
    expect(await probe.ended).toBe(0);
    expect(isRestored(probe)).toBe(true);
  });

  test('fills a window of 200 x 50 with every pane, and follows its size, down to one that is too small', async () => {
    const probe = await tui(['--input', newFile(run('first', 40))], { columns: 200, rows: 50 });
    await probe.shows(/latency, how often.*stages 1.*nodes 1.*runs 1.*findings 0/s);
    for (const [columns, rows] of [
      [120, 40],
      [60, 10],
      [80, 24],
    ] as const) {
      probe.resize(columns, rows);
      await probe.shows(columns === 60 ? /needs 80 x 24/ : /p95 latency/);
    }
    for (let at = 0; at < 30; at++) probe.resize(80 + (at % 7) * 20, 24 + (at % 5) * 6);
    probe.resize(100, 30);
    await until('the keys in the lowest row', () => /q quit +dark/.test(probe.lines()[29] ?? ''));
  });

  test.each(['dark', 'light', 'release'])(
    'shows the theme %s in its own colours, and none with NO_COLOR',
    async (theme) => {
      const file = newFile(run('first', 40));
      const coloured = await tui(['--input', file, '--theme', theme]);
      const plain = await tui(['--input', file, '--theme', theme], { env: { NO_COLOR: '1' } });
      await Promise.all([coloured.shows(/runs 1/), plain.shows(/runs 1/)]);
      expect(coloured.bytes).toMatch(/\[0(?:;1)?;38;2;/);
      expect(plain.bytes).not.toMatch(/\[[0-9;]*[34]8;/);
    },
  );

  test('keeps its columns with wide names, and does not act on escape sequences in them', async () => {
    const evil = '走る\u001b[2J\u001b]0;owned\u0007👩‍👩‍👧';
    const probe = await tui(['--input', newFile(run('plain', 40) + run(evil, 40))]);
    await probe.shows(/runs 2/);
    probe.type('\t');
    await probe.shows(/走る·\[2J/);
    expect(probe.bytes).not.toContain('\x1b]0;');
  });
});

describe('the terminal is restored', () => {
  test.each([
    ['SIGTERM', 0],
    ['SIGINT', 0],
    ['SIGHUP', 0],
  ] as const)('after %s', async (signal, code) => {
    const probe = await tui(['--input', newFile(run('first', 40))]);
    await probe.shows(/runs 1/);
    process.kill(probe.pid, signal);
    expect(await probe.ended).toBe(code);
    expect(isRestored(probe)).toBe(true);
  });

  test('after a crash, whose error stands on the screen that is left', async () => {
    const probe = await tui(['--input', newFile(run('first', 40))], {
      env: { NODE_OPTIONS: '--import=data:text/javascript,setTimeout(()=>{throw/**/new/**/Error("crashed")},3000)' },
    });
    await probe.shows(/runs 1/);
    expect(await probe.ended).not.toBe(0);
    expect(isRestored(probe)).toBe(true);
    expect(probe.lines().join('\n')).toContain('Error: crashed');
  });

  test('while it is suspended, and taken again when it continues', async () => {
    const probe = await tui(['--input', newFile(run('first', 40))]);
    await probe.shows(/runs 1/);
    probe.type('\x1a');
    await until('the process to stop', () => /\nState:\s+T/.test(readFileSync(`/proc/${probe.pid}/status`, 'utf8')));
    probe.continue();
    await until('the screen to be given back and taken again', () => {
      const [left, taken] = ['\x1b[?1049l', '\x1b[?1049h'].map((sequence) => probe.bytes.lastIndexOf(sequence));
      return left !== undefined && taken !== undefined && left > 0 && taken > left;
    });
    await probe.shows(/runs 1/);
    probe.type('q');
    expect(await probe.ended).toBe(0);
  });
});

test('a terminal that takes nothing stops no reading, costs no memory, and does not keep the process from ending', async () => {
  const file = newFile(run('first', 40));
  const probe = await tui(['--input', file], { columns: 200, rows: 50 });
  await probe.shows(/runs 1/);
  const rssOf = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${probe.pid}/status`, 'utf8'))?.[1]) / 1024;
  probe.pause();
  const before = rssOf();
  for (let at = 0; at < 200; at++) {
    appendFileSync(file, Array.from({ length: 50 }, (_, each) => run(`${at}-${each}`, each)).join(''));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(rssOf() - before).toBeLessThan(60);
  probe.resume();
  await probe.shows(/1,000/);
  probe.pause();
  process.kill(probe.pid, 'SIGTERM');
  await until('the process to end', () => {
    try {
      return process.kill(probe.pid, 0) && /\nState:\s+Z/.test(readFileSync(`/proc/${probe.pid}/status`, 'utf8'));
    } catch {
      return true;
    }
  });
});

test('frames of a real pipeline, and power of a real agent with an emulated board, come together', async () => {
  const recording = join(folder, 'stages.jsonl');
  const pipeline =
    'videotestsrc num-buffers=60 is-live=true ! video/x-raw,framerate=60/1 ! identity name=ingress ! videoconvert ! x264enc tune=zerolatency name=encoded ! fakesink';
  gstPipeline(pipeline);
  const bin = new URL('../../packages/probe-cli/bin/benchlab-probe.mjs', import.meta.url).pathname;
  const socket = join(folder, 'agent.sock');
  const args = ['agent', '--simulate', '--socket', socket, '--no-host', '--no-nvml', '--metrics-port', '0'];
  const agent = startNode([bin, ...args]);
  try {
    execFileSync(process.execPath, [bin, 'record', 'gst', '--out', recording, '--', ...pipeline.split(' ')], {
      stdio: 'pipe',
    });
    const probe = await tui(['--input', recording, '--input', `agent:${socket}`], { columns: 200, rows: 50 });
    await probe.shows(/p95 latency {2}ingress → encoded/);
    await probe.shows(/n 60 /);
    await probe.shows(/SIMULATED/);
    await probe.shows(/power {2}BENCHLAB/);
  } finally {
    agent.child.kill('SIGTERM');
    await agent.ended;
  }
});
