import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  const probe = startNode([bin, ...args], env);
  onTestFinished(() => void probe.close());
  await vi.waitUntil(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'), { timeout: 20_000 });
  const pids = readFileSync(file, 'utf8').trim().split(/\s+/).map(Number);
  onTestFinished(() => {
    for (const pid of pids) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });
  expect(pids.every(isRunning)).toBe(true);
  // A moment for the watcher, which starts after its child.
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
  const pids = await killed(['run', '--simulate', '--', process.execPath, '-e', program], file);
  await vi.waitUntil(() => !pids.some(isRunning), { timeout: 10_000 });
});

it('after SIGKILL of `run`, a program that ignores SIGTERM ends too', { timeout: 40_000 }, async () => {
  const file = join(folderOf(), 'pids');
  const program = `process.on('SIGTERM', () => {}); require('fs').writeFileSync(${JSON.stringify(file)}, process.pid + '\\n'); ${lasting}`;
  const pids = await killed(['run', '--simulate', '--', process.execPath, '-e', program], file);
  await vi.waitUntil(() => !pids.some(isRunning), { timeout: 15_000 });
});

it('after SIGKILL of `record gst`, its pipeline ends', { timeout: 40_000 }, async () => {
  const folder = folderOf();
  const file = join(folder, 'pids');
  // In place of GStreamer: a process that lasts and writes nothing.
  const program = join(folder, 'gst-launch-1.0');
  writeFileSync(program, `#!/bin/sh\necho $$ > ${file}\nexec sleep 600\n`);
  chmodSync(program, 0o755);
  const pids = await killed(
    ['record', 'gst', '--out', join(folder, 'out.jsonl'), '--', 'fakesrc', '!', 'fakesink'],
    file,
    {
      PATH: `${folder}:${process.env.PATH}`,
    },
  );
  await vi.waitUntil(() => !pids.some(isRunning), { timeout: 10_000 });
});
