import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

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

test('the result of a build is there only once the build is complete, and is then up to date', async () => {
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

describe('promtool of 2.42', () => {
  const promtool = ['--only', 'promtool-2'];
  const says = (version: string) => `#!/bin/sh\necho "promtool, version ${version} (branch: debian/sid)"`;

  test('is the one of Debian where the archive has that version', async () => {
    await archive('2.42.0+ds-5+b1', says('2.42.0+ds'));

    const { code, text } = await outcome(start(...promtool));

    expect(code).toBe(0);
    expect(text).toContain("promtool-2 2.42.0: of Debian's package prometheus 2.42.0+ds-5+b1");
    expect(await partsOf('promtool-2')).toEqual([expect.stringMatching(/^promtool-2-2\.42\.0-[0-9a-f]{12}$/)]);
    expect(await readdir(join(checkout, '.stack', (await partsOf('promtool-2'))[0] ?? ''))).toEqual(['promtool-2']);
  });

  test.each([
    ['the archive has another version', '2.53.3+ds-1', '2.53.3', 'the archive offers no fitting version of prometheus'],
    ['it is not what it should be', '2.42.0+ds-5', '2.41.0', 'does not say "version 2.42.0"'],
  ])('is built by Go where %s', async (_, version, printed, reason) => {
    await archive(version, says(printed));
    await go('go1.26.0', 'echo binary > "$out/promtool"');

    const { code, text } = await outcome(start(...promtool));

    expect(text).toContain(reason);
    expect(text).toContain('promtool-2 2.42.0: building …');
    expect(code).toBe(0);
  });

  /** An archive with one version of the package, whose program is a script. */
  async function archive(version: string, program: string): Promise<void> {
    const path = 'PATH=/usr/bin:/bin';
    await writeFile(join(checkout, 'program'), program, { mode: 0o755 });
    const scripts = {
      'apt-cache': `echo " prometheus | ${version} | bookworm/main amd64 Packages"`,
      'apt-get': `${path}; if [ "$1" = download ]; then touch prometheus_any.deb; fi`,
      'dpkg-deb': `${path}; mkdir -p "$3/usr/bin" && cp "${checkout}/program" "$3/usr/bin/promtool"`,
    };
    for (const [name, script] of Object.entries(scripts)) {
      await writeFile(join(checkout, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
  }
});

test('a file of Kafka with another hash than the committed one is refused, and nothing is left', async () => {
  for (const name of ['mvn', 'java']) await writeFile(join(checkout, name), '#!/bin/sh\n', { mode: 0o755 });
  const maven = 'PATH=/usr/bin:/bin; for each; do case $each in -DoutputDirectory=*) out=$' + '{each#*=} ;; esac; done';
  await writeFile(join(checkout, 'mvn'), `#!/bin/sh\n${maven}; echo other > "$out/kafka_2.13-4.1.0.jar"\n`, {
    mode: 0o755,
  });

  const { code, text } = await outcome(start('scale', '--only', 'kafka'));

  expect(code).toBe(1);
  expect(text).toMatch(/kafka 4\.1\.0: not the files of jars\.sha256: kafka_2\.13-4\.1\.0\.jar, .* is missing/);
  expect((await readdir(join(checkout, '.stack'))).filter((name) => /kafka-/.test(name))).toEqual([]);
});

test('an unknown part of the group scale is refused with the names of those that there are', async () => {
  const { code, text } = await outcome(start('scale', '--only', 'jaeger'));

  expect(code).toBe(1);
  expect(text).toContain('kafka, etcd, thanos, kubernetes, versitygw, network');
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
function parts(): Promise<string[]> {
  return partsOf('jaeger');
}

async function partsOf(part: string): Promise<string[]> {
  const names = await readdir(join(checkout, '.stack'));
  return names.filter((name) => new RegExp(`^${part}-\\d`).test(name));
}
