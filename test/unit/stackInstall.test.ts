import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));

// The installer as it stands, in a copy of the few files that it reads, with a Go that a shell script plays.
let checkout: string;
beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'benchlab-stack-'));
  const needed = [
    'scripts',
    'collector-config/distribution',
    'collector-config/stack',
    'test/stack/requirements.txt',
    'test/stack/kubernetes-schemas.txt',
  ];
  for (const path of needed) await cp(join(repository, path), join(checkout, path), { recursive: true });
});
afterEach(() => rm(checkout, { recursive: true, force: true }));

test('what a build leaves is there only once the build is complete, and is then up to date', async () => {
  await go('go1.26.0', 'echo a/package >&2; echo binary > "$out/all-in-one"');

  const first = await install();
  const second = await install();

  expect(first).toMatchObject({ code: 0, text: expect.stringMatching(/jaeger \d+\.\d+\.\d+: done in/) });
  expect(second).toMatchObject({ code: 0, text: expect.stringMatching(/jaeger \d+\.\d+\.\d+: up to date/) });
  expect(await parts()).toEqual([expect.stringMatching(/^jaeger-\d+\.\d+\.\d+-[0-9a-f]{12}$/)]);
});

test('a changed go.sum is another build, and the one before goes', async () => {
  await go('go1.26.0', 'echo binary > "$out/all-in-one"');
  await install();
  const before = await parts();
  await writeFile(join(checkout, 'collector-config/stack/jaeger/go.sum'), 'changed\n');

  const { text } = await install();

  expect(text).toContain(': done in');
  expect(await parts()).toHaveLength(1);
  expect(await parts()).not.toEqual(before);
});

test('a failed build shows its last lines without the hosts in them, and leaves nothing behind', async () => {
  await go(
    'go1.26.0',
    'echo "module: Get https://proxy.example/x: dial tcp 10.1.2.3:443: lookup proxy.example on 10.0.0.1: no such host" >&2; exit 1',
  );

  const { code, text } = await install();

  expect(code).toBe(1);
  expect(text).toContain('jaeger: go failed (exit 1)');
  expect(text).toContain('no such host');
  expect(text).not.toMatch(/proxy\.example|10\.1\.2\.3|10\.0\.0\.1/);
  expect(await readFile(join(checkout, '.stack/jaeger.log'), 'utf8')).not.toContain('proxy.example');
  expect(await parts()).toEqual([]);
});

test('a build that leaves no program is a failure', async () => {
  await go('go1.26.0', 'true');

  expect(await install()).toMatchObject({ code: 1, text: expect.stringContaining('the build left no all-in-one') });
});

test('an interrupted build never looks finished, and the next run clears it away', async () => {
  await go('go1.26.0', 'echo half > "$out/all-in-one"; touch "$out/../started"; exec sleep 30');
  const running = start();
  const ended = outcome(running);
  while (!existsSync(join(checkout, '.stack/started'))) await new Promise((resolve) => setTimeout(resolve, 20));
  running.kill('SIGTERM');

  expect(await ended).toMatchObject({ code: 130, text: expect.stringContaining('stopped by SIGTERM') });
  expect(await parts()).toEqual([]);

  await go('go1.26.0', 'echo binary > "$out/all-in-one"');
  expect(await install()).toMatchObject({ code: 0 });
  expect((await readdir(join(checkout, '.stack'))).filter((name) => name.startsWith('.building'))).toEqual([]);
});

test('a Go that is too old is named with the version that is needed', async () => {
  await go('go1.19.8', 'exit 1');

  expect(await install()).toMatchObject({
    code: 1,
    text: expect.stringMatching(/jaeger needs Go 1\.\d+ or newer, and `go` here is 1\.19/),
  });
});

test('without Go and without a package manager, the message names the package', async () => {
  expect(await install()).toMatchObject({ code: 1, text: expect.stringContaining('apt-get install golang-go') });
});

test('an unknown part is refused with the names of those that there are', async () => {
  const { code, text } = await outcome(start('--only', 'kafka'));

  expect(code).toBe(1);
  expect(text).toContain(
    'collector, prometheus, alertmanager, jaeger, node_exporter, promtool-2, kubeconform, helm, compose, venv, gcc, gstreamer',
  );
});

/** `build` runs with `$out` set to the folder that the programs belong in. */
async function go(version: string, build: string): Promise<void> {
  const script = `#!/bin/sh
if [ "$1" = version ]; then echo "go version ${version} linux/amd64"; exit 0; fi
while [ $# -gt 0 ]; do if [ "$1" = -o ]; then out="$2"; fi; shift; done
PATH=/usr/bin:/bin
${build}
`;
  await writeFile(join(checkout, 'go'), script, { mode: 0o755 });
}

function start(...args: string[]): ChildProcess {
  const chosen = args.length > 0 ? args : ['--only', 'jaeger'];
  // Only the folder with the played Go: nothing of this machine is found, and nothing is installed on it.
  return spawn(process.execPath, [join(checkout, 'scripts/stack-install.mjs'), ...chosen], { env: { PATH: checkout } });
}

function install(): Promise<{ code: number | null; text: string }> {
  return outcome(start());
}

async function outcome(child: ChildProcess): Promise<{ code: number | null; text: string }> {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}

/** The folders of complete parts. */
async function parts(): Promise<string[]> {
  const names = await readdir(join(checkout, '.stack'));
  return names.filter((name) => /^jaeger-/.test(name));
}
