import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { bin, startNode } from '../host/childProbe.suite.ts';

// SIGKILL cannot be handled: what the probe has started must end all the same.

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-killed-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie has ended: its parent has not asked for it yet.
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Starts the probe, waits for the process ids in the file, and kills the probe. */
async function killed(args: readonly string[], file: string, env: NodeJS.ProcessEnv = {}): Promise<readonly number[]> {
  const probe = startNode(args, env);
  onTestFinished(() => void probe.close());
  await vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'), { timeout: 20_000 });
  const pids = readFileSync(file, 'utf8').trim().split(/\s+/).map(Number);
  onTestFinished(() => {
    for (const pid of pids) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });
  expect(pids.every(isRunning)).toBe(true);
  // A child can run before the call that started it returns: only then does the watcher get its id.
  await new Promise((resolve) => setTimeout(resolve, 300));
  probe.child.kill('SIGKILL');
  await probe.ended;
  return pids;
}

const lasting = 'setInterval(() => {}, 1000)';

it('after SIGKILL of `run`, its program and what that started end', { timeout: 40_000 }, async () => {
  const file = join(folderOf(), 'pids');
  const program = `const { spawn } = require('child_process');
    const inner = spawn(process.execPath, ['-e', ${JSON.stringify(lasting)}], { stdio: 'ignore' });
    require('fs').writeFileSync(${JSON.stringify(file)}, process.pid + ' ' + inner.pid + '\\n'); ${lasting}`;
  const pids = await killed([bin, 'run', '--simulate', '--', process.execPath, '-e', program], file);
  await vi.waitUntil(() => !pids.some(isRunning), { timeout: 10_000 });
});

it('after SIGKILL of `run`, a program that ignores SIGTERM ends too', { timeout: 40_000 }, async () => {
  const file = join(folderOf(), 'pids');
  const program = `process.on('SIGTERM', () => {}); require('fs').writeFileSync(${JSON.stringify(file)}, process.pid + '\\n'); ${lasting}`;
  const pids = await killed([bin, 'run', '--simulate', '--', process.execPath, '-e', program], file);
  await vi.waitUntil(() => !pids.some(isRunning), { timeout: 15_000 });
});

it('after SIGKILL of `record gst`, its pipeline ends, and its folder in the temporary folder is removed', {
  timeout: 40_000,
}, async () => {
  const folder = folderOf();
  const file = join(folder, 'pids');
  // In place of GStreamer: a process that lasts and writes nothing.
  const program = join(folder, 'gst-launch-1.0');
  writeFileSync(program, `#!/bin/sh\necho $$ > ${file}\nexec sleep 600\n`);
  chmodSync(program, 0o755);
  const record = ['record', 'gst', '--out', join(folder, 'out.jsonl'), '--', 'fakesrc', '!', 'fakesink'];
  const dist = new URL('../../dist/', import.meta.url);
  const lines = `import { probe } from '${dist}probe.js';
    import { processHost } from '${dist}host/processHost.js';
    await probe(${JSON.stringify(record)}, { ...processHost(), findProgram: () => ${JSON.stringify(program)} });`;
  const pids = await killed(['--input-type=module', '-e', lines], file, { TMPDIR: folder });
  await vi.waitUntil(() => !pids.some(isRunning), { timeout: 10_000 });
  await vi.waitUntil(() => !readdirSync(folder).some((name) => name.startsWith('benchlab-gst-')), { timeout: 10_000 });
});

/** Runs the lines in a Node of its own, with `endWithParent` and `spawn`. */
function parent(lines: string) {
  const receivers = import.meta.resolve('@benchlab-otel/hw-receivers').replace('/src/index.ts', '/dist/index.js');
  const program = `import { spawn } from 'node:child_process';
    import { writeFileSync } from 'node:fs';
    import { endWithParent } from ${JSON.stringify(receivers)};
    ${lines}`;
  const probe = startNode(['--input-type=module', '-e', program]);
  onTestFinished(() => void probe.close());
  return probe;
}

async function pidIn(file: string): Promise<number> {
  await vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'), { timeout: 20_000 });
  const pid = Number(readFileSync(file, 'utf8'));
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });
  return pid;
}

it('a child ends whose parent is killed in the same moment in which it was started', { timeout: 40_000 }, async () => {
  const file = join(folderOf(), 'pid');
  const start = `() => spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })`;
  const write = `writeFileSync(${JSON.stringify(file)}, child.pid + '\\n')`;
  parent(`const child = endWithParent(${start}, true); ${write}; process.kill(process.pid, 'SIGKILL')`);
  const pid = await pidIn(file);
  await vi.waitUntil(() => !isRunning(pid), { timeout: 10_000 });
});

it('what a child has started ends with the parent, also when the child ended first', { timeout: 40_000 }, async () => {
  const file = join(folderOf(), 'pid');
  const shell = JSON.stringify(`sleep 600 & echo $! > ${file}`);
  const start = `() => spawn('/bin/sh', ['-c', ${shell}], { detached: true, stdio: 'ignore' })`;
  const probe = parent(`endWithParent(${start}, true); ${lasting}`);
  const pid = await pidIn(file);
  // Time for the parent to see the exit of the child.
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(isRunning(pid)).toBe(true);
  probe.child.kill('SIGKILL');
  await vi.waitUntil(() => !isRunning(pid), { timeout: 10_000 });
});

it('the watcher of a child ends with the last process of its group', { timeout: 40_000 }, async () => {
  const file = join(folderOf(), 'pid');
  const shell = JSON.stringify(`sleep 3 & echo $! > ${file}`);
  const start = `() => spawn('/bin/sh', ['-c', ${shell}], { detached: true, stdio: 'ignore' })`;
  const probe = parent(`endWithParent(${start}, true); ${lasting}`);
  await pidIn(file);
  const children = () => readFileSync(`/proc/${probe.child.pid}/task/${probe.child.pid}/children`, 'utf8').trim();
  expect(children()).not.toBe('');
  await vi.waitUntil(() => children() === '', { timeout: 10_000 });
});
