import { spawn } from 'node:child_process';
import { generateKeyPairSync, verify } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@benchlab-otel/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bin } from '../host/childProbe.suite.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { startProbe } from '../host/testHost.suite.ts';
// Loaded here, so that its loading does not count into the first test.
import '../cycle/runCycle.ts';

vi.setConfig({ testTimeout: 60_000 });

const example = fileURLToPath(new URL('../../../../examples/pipeline/kernels.yaml', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-cycle-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: readonly string[]) => join(folder, ...names);

const nodeOnly = (name: string) => (name === 'node' ? process.execPath : undefined);
const start = (args: readonly string[], more: Partial<CommandHost> = {}) =>
  startProbe(['cycle', ...args], { environment: {}, findProgram: nodeOnly, ...more });
const cycle = (...args: readonly string[]) => start(args).ended;

/** A file in the folder of the test. */
function file(name: string, content: string, mode = 0o600): string {
  writeFileSync(at(name), content);
  chmodSync(at(name), mode);
  return at(name);
}

describe('benchlab-probe cycle', () => {
  it('builds, verifies and packages for the toolchain that is there, and prints what it emitted', async () => {
    const { code, out, err } = await cycle(example, '--out', at('build'));

    expect(code).toBe(0);
    expect(out).toMatch(/^benchlab-probe cycle: vector-kernels 1\.0\.0 for /);
    expect(out).toMatch(/^toolchains +node \(v.*\), cc is missing, python3 is missing$/m);
    expect(out).toMatch(/^dot +javascript-float64 +\d+ B {2}verified by differential$/m);
    expect(out).toMatch(/^dot +c-float64 +– {2}not compiled: cc is not on this host$/m);
    expect(out).toMatch(/^clipped +python-float32 +– {2}cannot be lowered: Python has no 32-bit numbers$/m);
    expect(out).toMatch(/^bundle .*bundle\.tar; signed with a key made for this run, .*; signature checked$/m);
    expect(out).toMatch(
      /^spans +spec\.parse 1, plan\.compile_graph 1, codegen\.lower 8, compile\.execute 3, verify\.run 3, distribute\.package 1, pipeline\.run 1$/m,
    );
    for (const series of [
      'pipeline_latency_seconds',
      'lowering_duration_seconds',
      'compile_success_total',
      'verification_block_rate',
      'offline_bundle_size_bytes',
      'registry_missing_binaries',
      'registry_operators',
    ]) {
      expect(out).toMatch(new RegExp(`^metrics .*${series} \\d`, 'm'));
    }
    expect(out).toMatch(/^log events +compile\.start 3, compile\.end 3$/m);
    expect(JSON.parse(err.split('\n')[0] ?? '')).toMatchObject({
      event: 'compile.start',
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      span_id: expect.any(String),
    });
    expect(readdirSync(at('build')).sort()).toEqual([
      'artifacts',
      'bundle.pub.pem',
      'bundle.tar',
      'bundle.tar.sig',
      'kernels.json',
    ]);
    expect(readdirSync(folder)).toEqual(['build']);
  });

  it('signs with the key of --key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const key = file('key.pem', String(privateKey.export({ type: 'pkcs8', format: 'pem' })));

    const { code, out } = await cycle(example, '--out', at('build'), '--key', key);

    expect(code).toBe(0);
    expect(out).toContain('signed with the key of --key; signature checked');
    const [archive, signature] = [readFileSync(at('build', 'bundle.tar')), readFileSync(at('build', 'bundle.tar.sig'))];
    expect(verify(null, archive, publicKey, signature)).toBe(true);
  });

  it('blocks a backend that --break lowers with a defect: code 99, no bundle, and the list states it', async () => {
    const { code, out, err } = await cycle(example, '--out', at('build'), '--break', 'javascript');

    expect(code).toBe(99);
    expect(out).toMatch(/^dot +javascript-float64 +– {2}BLOCKED: \d+ of 43 calls differ: /m);
    expect(out).toMatch(/^bundle +not made, because verification blocked a kernel$/m);
    expect(out).toMatch(/^log events .*verify\.block 3$/m);
    expect(err).toMatch(/"event":"verify\.block"/);
    expect(readdirSync(at('build')).sort()).toEqual(['artifacts', 'kernels.json']);
    expect(readFileSync(at('build', 'kernels.json'), 'utf8')).toContain('"reason": "blocked"');
  });

  it('is repeated for the time of --for, in one process', async () => {
    const spec = file('x.yaml', `${readFileSync(example, 'utf8')}\nbackends: [javascript]`);
    // A clock on which each reading is a second later: a cycle reads it nine times.
    let seconds = 0;
    const clock = { ...systemClock, nowNs: () => seconds++ * 1e9 };

    const { code, out } = await start([spec, '--for', '12s', '--out', at('build')], { clock }).ended;

    expect(code).toBe(0);
    expect(out).toMatch(/^spans +spec\.parse 2, .*distribute\.package 2, /m);
    expect(readdirSync(at('build'))).toContain('bundle.tar');
  });

  it('leaves nothing behind without --out', async () => {
    const before = cycleFolders();
    const { code, out } = await cycle(example);
    expect(code).toBe(0);
    expect(out).toContain('removed: --out keeps it');
    expect(cycleFolders()).toEqual(before);
  });

  it('writes the runtime events of the cycle', async () => {
    await cycle(example, '--telemetry-out', at('events.jsonl'));
    const events = readFileSync(at('events.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const others = events.filter(({ event }) => !event.startsWith('compile.'));
    expect(others.map(({ event }) => event)).toEqual(['launch', 'completion', ...Array(6).fill('diagnostic')]);
    expect(others[2]).toMatchObject({
      diagnostics: { missing_artifact: 'clipped/python', kernel_variant: 'python-float32', reason: 'cannot_lower' },
    });
  });

  it('is trouble where a toolchain fails, and where the host has none', async () => {
    const cc = file('cc', '#!/bin/sh\necho "out of cheese" >&2\nexit 4\n', 0o755);
    const failing = await start([example], { findProgram: (name) => (name === 'cc' ? cc : nodeOnly(name)) }).ended;
    expect(failing.code).toBe(97);
    expect(failing.out).toMatch(/^dot +c-float64 +– {2}FAILED: .* ended with code 4: out of cheese$/m);
    expect(failing.out).toMatch(/^bundle +not made, because a kernel was not compiled$/m);

    const none = await start([example, '--out', at('none')], { findProgram: () => undefined }).ended;
    expect(none.code).toBe(97);
    expect(none.err).toContain(
      'benchlab-probe: This host has no toolchain for the specification: cc, node, python3 were looked for.',
    );
    expect(existsSync(at('none'))).toBe(false);
  });

  it('ends with a signal: the compiler is stopped, and nothing is kept', async () => {
    const cc = file('cc', `#!/bin/sh\n[ "$1" = --version ] && exit\n: >'${at('compiling')}'\nsleep 300\n`, 0o755);
    const running = start([example, '--out', at('build')], { findProgram: (name) => (name === 'cc' ? cc : undefined) });
    await expect.poll(() => existsSync(at('compiling')), { timeout: 20_000 }).toBe(true);

    running.send('SIGTERM');

    expect(await running.ended).toMatchObject({
      code: 143,
      err: expect.stringContaining('interrupted by SIGTERM; nothing was kept'),
    });
    expect(readdirSync(folder).sort()).toEqual(['cc', 'compiling']);
    expect(running.listeners).toBe(0);
  });
});

describe('exits with 2 before any toolchain is started, and leaves nothing, for', () => {
  const started = () => {
    throw new Error('A toolchain was looked for.');
  };
  const danglingLink = () => {
    symlinkSync('nowhere/x', at('link'));
    return at('link');
  };
  const good = () => readFileSync(example, 'utf8');
  it.each<[string, () => readonly string[], RegExp]>([
    ['no specification', () => [], /missing required argument 'spec'/],
    ['two specifications', () => [example, example], /2 specifications were named\. Name one/],
    [
      'a specification that is not there',
      () => [at('none.yaml')],
      /The specification .*none\.yaml cannot be read: ENOENT/,
    ],
    ['a folder as specification', () => [folder], /is not a regular file/],
    ['a large specification', () => [file('x.yaml', ' '.repeat(300_000))], /it has more than 262144 bytes/],
    [
      'a wrong specification',
      () => [file('x.yaml', good().replace('fold:', 'flod:'))],
      /x\.yaml is wrong: operators\[0\]\.flod is not a key \(fold is one\)/,
    ],
    ['a backend that is unknown', () => [example, '--break', 'rust'], /Allowed choices are c, javascript, python/],
    [
      'a backend that the specification does not have',
      () => [file('x.yaml', `${good()}\nbackends: [javascript]`), '--break', 'c'],
      /--break is "c"\. It must be a backend of the specification: javascript/,
    ],
    ['an output folder that exists', () => [example, '--out', folder], /--out .* cannot be made: it exists already/],
    [
      'an output folder in one that does not exist',
      () => [example, '--out', at('no/build')],
      /--out .* cannot be made: ENOENT/,
    ],
    ['a link as output folder', () => [example, '--out', danglingLink()], /--out .* cannot be made: ENOENT/],
    [
      'a key that others may read',
      () => [example, '--key', file('key.pem', 'x', 0o644)],
      /--key .* may be read or written by others/,
    ],
    ['a key that is malformed', () => [example, '--key', file('key.pem', 'x')], /--key .* is not a private key in PEM/],
    [
      'an output of events that cannot be written',
      () => [example, '--telemetry-out', at('no/x')],
      /--telemetry-out|telemetryOut/,
    ],
    ['a time that is not one', () => [example, '--for', 'ever'], /argument 'ever' is invalid/],
    ['an unknown option', () => [example, '--output', 'x'], /unknown option '--output'/],
  ])('%s', async (_, args, message) => {
    const words = args();
    const before = readdirSync(folder).sort();
    const { code, out, err } = await start(words, { findProgram: started }).ended;
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^ {4}at /m);
    expect(out).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it('an endpoint that is not one', async () => {
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://x' };
    const { code, err } = await start([example], { environment, findProgram: started }).ended;
    expect(err).toMatch(/OTEL_EXPORTER_OTLP_ENDPOINT is "ftp:\/\/x"/);
    expect(code).toBe(2);
  });
});

describe('in a process of its own', () => {
  const shell = (command: string) =>
    new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder };
      const child = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'], env });
      let [out, err] = ['', ''];
      child.stdout.on('data', (bytes) => (out += bytes));
      child.stderr.on('data', (bytes) => (err += bytes));
      child.on('close', (code) => resolve({ code, out, err }));
    });
  const command = `'${process.execPath}' '${bin}'`;

  // The limit of the size of a file acts as a full disk does: a write of the bundle fails within it.
  it('a disk that takes no more is trouble, and no half bundle is left', async () => {
    mkdirSync(at('disk'));
    const spec = file(
      'x.yaml',
      readFileSync(example, 'utf8').replace('operators:', 'backends: [javascript]\noperators:'),
    );
    const { code, err } = await shell(`ulimit -f 4; exec ${command} cycle '${spec}' --out '${at('disk/build')}'`);
    expect(err).toMatch(/benchlab-probe: The build could not be written: EFBIG.*Make room on its disk/);
    expect(code).toBe(97);
    expect(readdirSync(at('disk'))).toEqual([]);
  });

  it('under `run`, its spans are received like those of any application', async () => {
    const names = [
      'spec.parse',
      'plan.compile_graph',
      'codegen.lower',
      'compile.execute',
      'verify.run',
      'distribute.package',
    ];
    const budgets = names.map((name) => `--budget 'count(${name}) >= 1'`).join(' ');
    const { code, out } = await shell(`exec ${command} run ${budgets} -- ${command} cycle '${example}'`);
    for (const name of names) expect(out).toMatch(new RegExp(`^PASS +count\\(${name}\\) >= 1 `, 'm'));
    expect(code).toBe(0);
  });
});

/** Folders of cycles in the folder for temporary files. */
function cycleFolders(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => /^benchlab-cycle-[A-Za-z0-9]{6}$/.test(name));
}
