import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import { expect, it, vi } from 'vitest';
import { startChild } from './child.ts';

const environment = process.env;

it.each([
  ['process.exit(0)', { code: 0 }],
  ['process.exit(7)', { code: 7 }],
  ["process.kill(process.pid, 'SIGKILL')", { code: 137, signal: 'SIGKILL' }],
])('keeps how `%s` ended', async (script, ended) => {
  const child = await startChild([process.execPath, '-e', script], { environment });

  expect(await child.exited).toEqual(ended);
});

it('passes a signal on, and does nothing once the child has exited', async () => {
  const child = await startChild([process.execPath, '-e', 'setTimeout(() => {}, 60000)'], { environment });

  child.signal('SIGTERM');
  expect(await child.exited).toEqual({ code: 143, signal: 'SIGTERM' });
  child.signal('SIGTERM');
});

it.each([
  ['there-is-no-such-command', /There is no command "there-is-no-such-command"\. Write the command/],
  ['/', /The command "\/" cannot be started: .*EACCES/],
])('refuses %s, which cannot be started, as the mistake of the caller', async (file, message) => {
  const failure = await startChild([file], { environment }).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(BenchlabError);
  expect(failure).toMatchObject({ code: 'BAD_OPTION', message: expect.stringMatching(message) });
});

it('gives the child its environment and nothing else', async () => {
  const script = "process.exit(process.env.ONLY === 'this' && process.env.HOME === undefined ? 0 : 1)";

  const child = await startChild([process.execPath, '-e', script], { environment: { ONLY: 'this' } });

  expect(await child.exited).toEqual({ code: 0 });
});

it('in a process group of its own is killed together with what it started', async () => {
  const script = `const { spawn } = require('child_process');
    process.on('SIGTERM', () => {});
    const inner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    require('fs').writeFileSync(process.env.PID_FILE, String(inner.pid));
    setInterval(() => {}, 1000)`;
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-child-'));
  const file = join(folder, 'pid');

  const child = await startChild([process.execPath, '-e', script], {
    environment: { ...environment, PID_FILE: file },
    ownGroup: true,
  });
  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toMatch(/^[0-9]+$/), 5_000);
  child.kill();

  expect(await child.exited).toEqual({ code: 137, signal: 'SIGKILL' });
  await vi.waitFor(() => expect(isRunning(Number(readFileSync(file, 'utf8')))).toBe(false), 5_000);
  await vi.waitFor(() => expect(child.endLeftBehind()).toBe(false), 5_000);
  rmSync(folder, { recursive: true });
});

it('ends what it left running, and reports that there was something', async () => {
  const left = await startChild(['sh', '-c', 'sleep 60 & exit 0'], { environment, ownGroup: true });
  const none = await startChild(['sh', '-c', 'exit 0'], { environment, ownGroup: true });
  await Promise.all([left.exited, none.exited]);

  expect(left.endLeftBehind()).toBe(true);
  expect(none.endLeftBehind()).toBe(false);
  await vi.waitFor(() => expect(left.endLeftBehind()).toBe(false), 5_000);
});

it('stays in our process group where it is asked to, for Ctrl-C at a terminal', async () => {
  const group = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2];
  const child = await startChild(['sleep', '60'], { environment, ownGroup: false });

  expect(group(child.pid)).toBe(group(process.pid));
  child.kill();
  await child.exited;
  expect(child.endLeftBehind()).toBe(false);
});

/** A zombie, which only its parent can take away, is not running. */
function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
