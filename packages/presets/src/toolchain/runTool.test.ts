import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type InMemoryTelemetry, inMemoryTelemetry } from '@benchlab-otel/sdk/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RunToolOptions, runTool } from './runTool.ts';

let folder: string;
let telemetry: InMemoryTelemetry;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-tool-'));
  telemetry = inMemoryTelemetry();
});
afterEach(async () => {
  await telemetry.shutdown();
  rmSync(folder, { recursive: true, force: true });
});

/** A tool of a few lines of shell. */
function tool(script: string): string {
  const path = join(folder, 'tool');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const run = (script: string, options: RunToolOptions = {}, args: readonly string[] = []) =>
  runTool(tool(script), args, { cwd: folder, ...options });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const attributes = () => telemetry.spans()[0]?.attributes;

it('records the tool, its version, its code, and what it made and wrote', async () => {
  const kept: [string, string][] = [];
  const artifacts = {
    keep: async (name: string, content: Uint8Array) => {
      kept.push([name, Buffer.from(content).toString()]);
      return { sha256: sha256(Buffer.from(content).toString()) };
    },
  };
  const script =
    '[ "$1" = --version ] && { echo "tool 4.2"; echo more; exit; }; printf code >dot.o; echo cache hit; cat >&2';
  const result = await run(script, {
    outputs: ['dot.o'],
    version: ['--version'],
    input: 'warned',
    isCacheHit: ({ stdout }) => stdout.includes('cache hit'),
    artifacts,
  });
  expect(result).toMatchObject({ exitCode: 0, version: 'tool 4.2', isCacheHit: true });
  expect(result.outputs).toEqual([{ path: 'dot.o', sha256: sha256('code'), sizeBytes: 4 }]);
  expect(kept).toEqual([
    ['stdout', 'cache hit\n'],
    ['stderr', 'warned'],
  ]);
  expect(telemetry.spans()).toHaveLength(1);
  expect(telemetry.spans()[0]).toMatchObject({ name: 'toolchain.run' });
  expect(attributes()).toEqual({
    'toolchain.binary': 'tool',
    'toolchain.version': 'tool 4.2',
    'process.exit.code': 0,
    'build.cache_hit': true,
    'compile.output.hashes': [sha256('code')],
    'compile.output.sizes': [4],
    'toolchain.stdout.hash': sha256('cache hit\n'),
    'toolchain.stderr.hash': sha256('warned'),
  });
});

it.each<[string, string, RunToolOptions, object]>([
  ['that fails', 'exit 3', {}, { 'process.exit.code': 3, 'error.type': 'ToolExit', 'error.code': 'EXIT_3' }],
  [
    'that crashes',
    'kill -SEGV $$',
    {},
    { 'process.exit.code': 139, 'error.type': 'ToolCrash', 'error.code': 'SIGSEGV' },
  ],
  ['that hangs', 'sleep 300', { timeoutMs: 50 }, { 'process.exit.code': 137, 'error.type': 'ToolTimeout' }],
  [
    'that floods',
    'while :; do echo flood; done',
    { maxOutputBytes: 1_000 },
    { 'process.exit.code': 137, 'error.type': 'ToolFlood', 'error.code': 'FLOOD' },
  ],
  ['that makes nothing', 'true', { outputs: ['a.o'] }, { 'process.exit.code': 0, 'error.code': 'NO_OUTPUT' }],
  ['whose version fails', '[ "$1" = -v ] && exit 1; exit 0', { version: ['-v'] }, { 'process.exit.code': 0 }],
])('a tool %s is a result', async (_, script, options, expected) => {
  const result = await run(script, options);
  expect(attributes()).toMatchObject(expected);
  expect(attributes()).not.toHaveProperty(['toolchain.version']);
  expect(telemetry.spans()[0]?.status.code).toBe('error.code' in expected || 'error.type' in expected ? 2 : 0);
  expect(result.stdout.length).toBeLessThanOrEqual(1_000);
});

it('a tool that is not there is a result', async () => {
  const { exitCode, fault } = await runTool(join(folder, 'absent'));
  expect([exitCode, fault]).toEqual([127, 'start']);
  expect(attributes()).toMatchObject({
    'toolchain.binary': 'absent',
    'error.type': 'ToolStart',
    'error.code': 'ENOENT',
  });
});

it('a tool that is killed takes with it what it has started', async () => {
  const script = `sh -c 'echo $$ >started; exec sleep 300' & while [ ! -s started ]; do :; done; while :; do echo flood; done`;
  await run(script, { maxOutputBytes: 1_000 });
  const started = Number(readFileSync(join(folder, 'started'), 'utf8'));
  await expect.poll(() => isRunning(started)).toBe(false);
});

it('arguments are not code', async () => {
  const { stdout } = await run('for word in "$@"; do echo "<$word>"; done', {}, ['$(touch made)', '; touch made', '']);
  expect(stdout.toString()).toBe('<$(touch made)>\n<; touch made>\n<>\n');
  expect(existsSync(join(folder, 'made'))).toBe(false);
});

it('a function that throws leaves it open whether a cache was hit', async () => {
  const result = await run('true', {
    isCacheHit: () => {
      throw new Error('no line of the cache');
    },
  });
  expect(result).not.toHaveProperty('isCacheHit');
  expect(telemetry.diagnostics).toEqual([expect.stringContaining('isCacheHit threw')]);
});

it.each<[unknown[], string]>([
  [['', []], 'binary is "".'],
  [['cc', 'x.c'], 'args is "x.c". It must be a list of texts.'],
  [['cc', [], { output: [] }], 'the nearest option is outputs'],
  [['cc', [], { outputs: 'x' }], 'outputs is "x".'],
  [['cc', [], { version: 3 }], 'version is 3.'],
  [['cc', [], { timeoutMs: 0 }], 'timeoutMs is 0.'],
  [['cc', [], { isCacheHit: true }], 'isCacheHit is true.'],
])('%# wrong options are refused, and nothing runs', async (given, message) => {
  await expect(runTool(...(given as Parameters<typeof runTool>))).rejects.toThrow(message);
  expect(telemetry.spans()).toEqual([]);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
