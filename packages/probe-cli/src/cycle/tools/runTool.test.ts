import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runTool, type ToolRequest, toolLimits } from './runTool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-tool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program of a few lines of shell. */
function program(script: string, name = 'tool', mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, mode);
  return path;
}

function run(script: string, more: Partial<ToolRequest> = {}) {
  const request = { program: program(script), arguments: [], folder, limits: toolLimits };
  return runTool({ ...request, signal: new AbortController().signal, ...more });
}

it('gives its input, its output apart, and no error for code 0', async () => {
  const { exitCode, stdout, stderr, error } = await run('cat; echo warned >&2', { input: 'given' });
  expect([exitCode, stdout.toString(), stderr.toString(), error]).toEqual([0, 'given', 'warned\n', undefined]);
});

it('passes arguments on as they are: nothing in them is code', async () => {
  const words = ['$(touch made)', '`touch made`', ';touch made', '* "', "'", ''];
  const { stdout } = await run('for word in "$@"; do echo "<$word>"; done', { arguments: words });
  expect(stdout.toString()).toBe(words.map((word) => `<${word}>\n`).join(''));
  expect(existsSync(join(folder, 'made'))).toBe(false);
});

it('gives the program no variable of ours but those that it needs', async () => {
  process.env.BENCHLAB_TEST_TOKEN = 'secret';
  try {
    const { stdout } = await run('env', { environment: { MINE: '1' } });
    expect(stdout.toString()).not.toContain('secret');
    expect(stdout.toString().split('\n')).toEqual(expect.arrayContaining(['LC_ALL=C', `TMPDIR=${folder}`, 'MINE=1']));
  } finally {
    delete process.env.BENCHLAB_TEST_TOKEN;
  }
});

it.each([
  ['that fails', 'echo bad >&2; exit 3', 3, 'ToolExit', 'EXIT_3', / ended with code 3$/],
  ['that crashes', 'kill -SEGV $$', 139, 'ToolCrash', 'SIGSEGV', / was ended by SIGSEGV$/],
  ['that runs out of memory', 'kill -KILL $$', 137, 'ToolCrash', 'SIGKILL', / was ended by SIGKILL$/],
  ['that is not a program', 'exec /no/such/program', 127, 'ToolStart', 'EXIT_127', / could not be started$/],
])('a program %s', async (_, script, code, name, errorCode, message) => {
  const { exitCode, error } = await run(script);
  expect(exitCode).toBe(code);
  expect(error).toMatchObject({ name, code: errorCode, message: expect.stringMatching(message) });
});

it('a program that may not be run could not be started', async () => {
  const { error } = await run('', { program: program('true', 'text', 0o644) });
  expect(error).toMatchObject({ name: 'ToolStart', code: 'EXIT_126' });
});

it('a program that hangs is killed, with what it has started', async () => {
  const script = `sh -c 'echo $$ >started; exec sleep 300' & wait`;
  const { error } = await run(script, { limits: { ...toolLimits, timeMs: 300 } });
  expect(error).toMatchObject({
    name: 'ToolTimeout',
    code: 'TIMEOUT',
    message: expect.stringMatching(/did not end within 0.3 s/),
  });
  const started = Number(readFileSync(join(folder, 'started'), 'utf8'));
  await expect.poll(() => isRunning(started)).toBe(false);
});

it('a program that floods its output is killed, and its first bytes are kept', async () => {
  const { error, stdout, stderr } = await run('while :; do echo flood; echo flood >&2; done', {
    limits: { ...toolLimits, outputBytes: 10_000 },
  });
  expect(error).toMatchObject({ name: 'ToolFlood', code: 'FLOOD' });
  expect(stdout.length + stderr.length).toBe(10_000);
});

it('a program that writes a file without end is stopped', async () => {
  const { error } = await run('dd if=/dev/zero of=big bs=64k count=100 2>/dev/null', {
    limits: { ...toolLimits, fileBlocks: 64 },
  });
  expect(error).toMatchObject({ code: expect.stringMatching(/^(?:EXIT_|SIG)/) });
  expect(readFileSync(join(folder, 'big')).length).toBeLessThanOrEqual(64 * 1024);
});

it('a program gets no more memory than the limit', async () => {
  const { stdout } = await run('ulimit -v', { limits: { ...toolLimits, memoryKiB: 300_000 } });
  expect(stdout.toString()).toBe('300000\n');
});

it('ends when a process that was left behind holds its output open', async () => {
  const { error, stdout } = await run('sleep 300 & echo done');
  expect(error).toBeUndefined();
  expect(stdout.toString()).toBe('done\n');
});

it('an interruption ends it, also before its start', async () => {
  const interruption = new AbortController();
  const running = run('echo up >up; exec sleep 300', { signal: interruption.signal });
  await expect.poll(() => existsSync(join(folder, 'up'))).toBe(true);
  interruption.abort('SIGINT');
  await expect(running).rejects.toBe('SIGINT');
  await expect(run('true', { signal: interruption.signal })).rejects.toBe('SIGINT');
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
