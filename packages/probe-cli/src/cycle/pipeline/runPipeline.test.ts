import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemProgram } from '@benchlab-otel/hw-receivers';
import { parseKernelFile } from '@benchlab-otel/wire';
import { describe, expect, it, vi } from 'vitest';
import { sha256 } from '../tools/artifacts.ts';
import { hostKind } from './pipelineContext.ts';
import { node, PipelineRig, small } from './pipelineRig.suite.ts';

// Each kernel is compiled and run in a process of its own.
vi.setConfig({ testTimeout: 60_000 });

const rig = new PipelineRig();
const example = readFileSync(new URL('../../../../../examples/pipeline/kernels.yaml', import.meta.url), 'utf8');

describe('a pipeline', () => {
  it('emits its six spans with their attributes in one trace, its metrics and its log events', async () => {
    const { result, out } = await rig.run(small('[javascript, python]'), node);

    expect(result.kernels.map(({ operator, backend }) => [operator.name, backend.name])).toEqual([
      ['twice', 'javascript'],
    ]);
    const clause = sha256(Buffer.from('Each element is doubled.'));
    const host = { 'host.kind': 'offline' };
    const whole = { ...host, 'clause.id': clause };
    const of = {
      'backend.name': 'javascript',
      'operator.name': 'twice',
      'clause.id': clause,
      'toolchain.binary': 'node',
    };
    const nothing = sha256(Buffer.alloc(0));
    const kernel = readFileSync(join(out, 'work/javascript/twice.mjs'));
    const compiled = rig.telemetry.span('compile.execute');
    expect(rig.telemetry.span('spec.parse').attributes).toEqual(host);
    expect(rig.telemetry.span('plan.compile_graph').attributes).toEqual(whole);
    const lowered = rig.telemetry.spans().filter(({ name }) => name === 'codegen.lower');
    expect(lowered.map(({ attributes }) => attributes)).toEqual([
      of,
      { ...of, 'backend.name': 'python', 'toolchain.binary': 'python3' },
    ]);
    expect(compiled.attributes).toEqual({
      ...of,
      ...host,
      'build.cache_hit': false,
      'process.exit.code': 0,
      'toolchain.stdout.hash': nothing,
      'toolchain.stderr.hash': nothing,
      'compile.output.hashes': [sha256(kernel)],
      'compile.output.sizes': [kernel.length],
    });
    expect(rig.telemetry.span('verify.run').attributes).toEqual({
      ...of,
      ...host,
      'verify.tool': 'differential',
      'verify.score': 1,
      'verify.blocked': false,
      'provenance.id': `${compiled.traceId}-${compiled.spanId}`,
      'process.exit.code': 0,
      'toolchain.stdout.hash': expect.stringMatching(/^[0-9a-f]{64}$/),
      'toolchain.stderr.hash': nothing,
    });
    expect(rig.telemetry.span('distribute.package').attributes).toEqual({
      'bundle.target': `${process.platform}-${process.arch}`,
      'bundle.revision': '7',
      'bundle.size': result.bundleBytes,
      'bundle.signed': true,
    });
    const root = rig.telemetry.span('pipeline.run');
    for (const { name, traceId, parentSpanId } of rig.telemetry.spans()) {
      expect([name, traceId]).toEqual([name, root.traceId]);
      expect([name, parentSpanId]).toEqual([name, name === 'pipeline.run' ? undefined : root.spanId]);
    }

    expect(await rig.points('pipeline.latency')).toEqual({ '': 1 });
    expect(await rig.points('lowering.duration')).toEqual({
      'javascript twice experimental': 1,
      'python twice experimental': 1,
    });
    expect(await rig.points('compile.success')).toEqual({ 'javascript offline': 1 });
    expect(await rig.points('compile.failure')).toEqual({});
    expect(await rig.points('verification.block_rate')).toEqual({ '': 0 });
    expect(await rig.points('offline.bundle.size')).toEqual({
      [`${process.platform}-${process.arch} 7`]: result.bundleBytes,
    });
    expect(await rig.points('registry.missing_binaries')).toEqual({ javascript: 0, python: 1 });
    expect(await rig.points('registry.operators')).toEqual({ 'javascript experimental': 1, 'python experimental': 1 });
    expect(rig.lines.map(({ event }) => event)).toEqual(['compile.start', 'compile.end']);
    expect(rig.telemetry.diagnostics).toEqual([]);
  });

  it('lists what it built and what it did not, with hashes that are those of the files', async () => {
    const { out } = await rig.run(small('[javascript, python]'), node);
    const read = parseKernelFile(readFileSync(join(out, 'kernels.json'), 'utf8'));
    const kernel = readFileSync(join(out, 'work/javascript/twice.mjs'));
    const name = { name: 'twice', backend: 'javascript', variant: 'javascript-float64' };
    expect(read).toEqual({
      list: {
        pipeline: 'small',
        revision: '7',
        target: `${process.platform}-${process.arch}`,
        kernels: [
          {
            ...name,
            maturity: 'experimental',
            file: 'kernels/javascript/twice.mjs',
            sha256: sha256(kernel),
            sizeBytes: kernel.length,
            toolchain: { binary: 'node', version: process.version },
            verifiedBy: ['differential'],
          },
        ],
        missing: [{ ...name, backend: 'python', variant: 'python-float64', reason: 'missing_toolchain' }],
      },
    });
  });

  it('gives the same bundle for the same specification and toolchains', async () => {
    const [first, second] = [await rig.run(small('[javascript]'), node), await rig.run(small('[javascript]'), node)];
    const bytes = ({ out }: { readonly out: string }) => readFileSync(join(out, 'bundle.tar'));
    expect(bytes(first).equals(bytes(second))).toBe(true);
  });

  it('blocks a kernel with a defect, and makes no bundle', async () => {
    const { result, out } = await rig.run(small('[javascript]'), node, { breakBackend: 'javascript' });

    expect(result.bundleBytes).toBeUndefined();
    expect(result.failed).toMatchObject([{ reason: 'blocked' }]);
    const span = rig.telemetry.span('verify.run');
    const reason = expect.stringMatching(/^\d+ of 43 calls differ: result 0 of call \d+ is /);
    expect(span.attributes).toMatchObject({
      'verify.blocked': true,
      'verify.reason': reason,
      'verify.score': expect.any(Number),
    });
    expect(rig.lines.at(-1)).toMatchObject({
      event: 'verify.block',
      'verify.tool': 'differential',
      'verify.reason': reason,
      'provenance.id': span.attributes['provenance.id'],
      'backend.name': 'javascript',
    });
    expect(await rig.points('verification.block_rate')).toEqual({ '': 1 });
    expect(await rig.points('pipeline.latency')).toEqual({});
    expect(readdirSync(out).sort()).toEqual(['artifacts', 'kernels.json', 'work']);
  });
});

describe('a compiler that', () => {
  const cases: readonly [string, string, string, string, RegExp][] = [
    ['fails', 'echo "twice.c:1: bad" >&2; exit 1', 'ToolExit', 'EXIT_1', /ended with code 1: twice\.c:1: bad$/],
    ['crashes', 'kill -SEGV $$', 'ToolCrash', 'SIGSEGV', /was ended by SIGSEGV$/],
    ['hangs', 'sleep 300', 'ToolTimeout', 'TIMEOUT', /did not end within 1 s/],
    ['floods', 'while :; do echo flood; done', 'ToolFlood', 'FLOOD', /wrote more than 1048576 bytes/],
    ['makes nothing', 'exit 0', 'ToolExit', 'NO_OUTPUT', /ended well and made no /],
  ];
  it.each(cases)('%s is counted, and the other kernels are built', async (_, body, name, code, detail) => {
    const { result, out } = await rig.run(small('[c, javascript]'), rig.script('cc', body), {
      hostKind: 'online',
      ...(name === 'ToolTimeout' ? { timeMs: 1000 } : {}),
    });

    expect(result.kernels.map(({ backend }) => backend.name)).toEqual(['javascript']);
    expect(result.failed).toMatchObject([{ reason: 'compile_failed', detail: expect.stringMatching(detail) }]);
    expect(result.bundleBytes).toBeUndefined();
    const failed = rig.telemetry
      .spans()
      .find((span) => span.attributes['backend.name'] === 'c' && span.name === 'compile.execute');
    expect(failed?.attributes).toMatchObject({
      'error.type': name,
      'error.code': code,
      'process.exit.code': expect.any(Number),
    });
    const stderr = String(failed?.attributes['toolchain.stderr.hash']);
    expect(sha256(readFileSync(join(out, 'artifacts', stderr)))).toBe(stderr);
    expect(await rig.points('compile.failure')).toEqual({ [`c online ${name}`]: 1 });
    expect(rig.lines.find(({ event }) => event === 'compile.end')).toMatchObject({
      'error.type': name,
      'error.code': code,
    });
    expect(rig.telemetry.diagnostics).toEqual([]);
  });

  it('makes a program that crashes is found by the verification', async () => {
    const findProgram = rig.script(
      'cc',
      `while [ "$1" != -o ]; do shift; done\nprintf '#!/bin/sh\\nkill -SEGV $$\\n' >"$2"; chmod +x "$2"`,
    );
    const { result } = await rig.run(small('[c]'), findProgram);
    expect(result.failed).toMatchObject([{ reason: 'blocked', detail: 'the kernel failed: SIGSEGV' }]);
  });

  it('makes what is not a program is trouble of the host, not a block', async () => {
    const findProgram = rig.script('cc', 'while [ "$1" != -o ]; do shift; done\n: >"$2"');
    await expect(rig.run(small('[c]'), findProgram)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('--out'),
    });
  });
});

describe('refuses', () => {
  it('a host without any toolchain: nothing is compiled', async () => {
    await expect(rig.run(example, () => undefined)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message:
        'This host has no toolchain for the specification: cc, node, python3 were looked for. Install one of them.',
    });
    expect(await rig.points('registry.missing_binaries')).toEqual({ c: 1, javascript: 1, python: 1 });
  });

  it('a specification that no backend can express', async () => {
    const text = small('[python]').replace('inputs:', 'numbers: float32, inputs:');
    await expect(rig.run(text, node)).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringContaining('twice for python: Python has no 32-bit numbers.'),
    });
    expect(rig.telemetry.span('plan.compile_graph').attributes).toMatchObject({ 'error.code': 'BAD_OPTION' });
  });

  it('to break a backend that the specification or the host does not have', async () => {
    await expect(rig.run(small('[javascript]'), node, { breakBackend: 'c' })).rejects.toMatchObject({
      option: 'break',
    });
    await expect(rig.run(small('[javascript, c]'), node, { breakBackend: 'c' })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    });
  });

  it('a wrong specification, with a span that states it', async () => {
    await expect(rig.run('version: 2', node)).rejects.toMatchObject({ code: 'BAD_OPTION' });
    expect(rig.telemetry.span('spec.parse').attributes).toMatchObject({
      'error.type': 'BenchlabError',
      'error.code': 'BAD_OPTION',
    });
  });
});

// All operations at all edges of floating point. The toolchains that this host has compile for real.
it('kernels of every toolchain that is there have the bits of the specification', async () => {
  const each = 'min(x / y, max(-x, sqrt(abs(y)))) - a * x + 0.1 * y / 3';
  const operators = ['float64', 'float32'].flatMap((numbers) => [
    { name: `all_${numbers}`, clause: 'all', numbers, inputs: { x: 'vector', a: 'number', y: 'vector' }, each },
    {
      name: `fold_${numbers}`,
      clause: 'fold',
      numbers,
      inputs: { x: 'vector' },
      fold: 'max(total, x) + x / 3',
      from: 0.1,
    },
  ]);
  const text = JSON.stringify({ version: 1, name: 'all', revision: '1', operators });
  // A verifier that the host has is for test/stack.
  const find = (name: string) => node(name) ?? (name === 'frama-c' ? undefined : systemProgram(name));

  const { result } = await rig.run(text, find);

  const there = ['c', 'javascript', 'python'].filter(
    (_, index) => find(['cc', 'node', 'python3'][index] ?? '') !== undefined,
  );
  expect(there).toContain('javascript');
  expect(result.failed.filter(({ reason }) => reason === 'blocked' || reason === 'compile_failed')).toEqual([]);
  const expected = operators.flatMap(({ name }) =>
    there.filter((backend) => backend !== 'python' || name.endsWith('64')).map((backend) => `${name} ${backend}`),
  );
  expect(result.kernels.map(({ operator, backend }) => `${operator.name} ${backend.name}`)).toEqual(expected);
});

it('a host is online when an interface other than the loopback has an address', () => {
  const address = (internal: boolean) =>
    [{ internal }] as unknown as NonNullable<Parameters<typeof hostKind>[0]>[string];
  expect(hostKind({ lo: address(true) })).toBe('offline');
  expect(hostKind({})).toBe('offline');
  expect(hostKind({ lo: address(true), eth0: address(false) })).toBe('online');
});
