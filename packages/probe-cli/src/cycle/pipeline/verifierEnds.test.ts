import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { resultText } from '../lower/kernelText.ts';
import { parseSpec } from '../spec/parseSpec.ts';
import { sha256 } from '../tools/artifacts.ts';
import { expectedOf } from './kernelChecks.ts';
import { PipelineRig, small } from './pipelineRig.suite.ts';

// Each tool runs in a process of its own.
vi.setConfig({ testTimeout: 60_000 });

const rig = new PipelineRig();

/** A verifier that writes the report of Frama-C with one property. */
const reporting = (status: string) =>
  `for report; do :; done
   printf '%s\\n' header '.\ttwice.c\t7\tmain\tmem_access\t${status}\tx' >"$report"
   echo analysed`;

/** A pipeline with a compiler of shell, whose kernel prints the right results, and with this body of frama-c. */
async function verified(body: string | undefined, timeMs?: number) {
  const right = join(rig.folder, 'right');
  writeFileSync(right, rightResults());
  const compiles = `while [ "$1" != -o ]; do shift; done
     printf '#!/bin/sh\\nexec cat %s\\n' '${right}' >"$2"; chmod +x "$2"`;
  const compiler = rig.script('cc', compiles);
  const verifier = body === undefined ? undefined : rig.script('frama-c', body);
  const { result, out } = await rig.run(small('[c]'), (name) => compiler(name) ?? verifier?.(name), {
    ...(timeMs === undefined ? {} : { timeMs }),
  });
  const spans = rig.telemetry.spans().filter(({ name }) => name === 'verify.run');
  return { result, out, tools: spans.map(({ attributes }) => attributes['verify.tool']), last: spans.at(-1) };
}

function rightResults(): string {
  const [operator] = parseSpec(small('[c]'), 'spec.yaml').operators;
  if (operator === undefined) throw new Error('the specification has an operator');
  return expectedOf(operator)
    .results.map((line) => `${line.map((value) => `${resultText(value)} `).join('')}\n`)
    .join('');
}

// The real one runs in test/stack.
describe('a verifier of C that', () => {
  it('is absent leaves the comparison, and is not counted as a missing toolchain', async () => {
    const { result, tools } = await verified(undefined);

    expect(tools).toEqual(['differential']);
    expect(result.kernels).toMatchObject([{ verifiedBy: ['differential'] }]);
    expect(await rig.points('registry.missing_binaries')).toEqual({ c: 0 });
  });

  it('shows all properties is named in the list of kernels, and what it wrote is kept', async () => {
    const { result, out, tools, last } = await verified(reporting('Valid'));

    expect(tools).toEqual(['differential', 'frama-c']);
    expect(result.kernels).toMatchObject([{ verifiedBy: ['differential', 'frama-c'] }]);
    expect(result.plan.verifiers.get('c')).toMatchObject({ binary: 'frama-c', version: 'frama-c 1.0' });
    const stdout = String(last?.attributes['toolchain.stdout.hash']);
    expect(readFileSync(join(out, 'artifacts', stdout), 'utf8')).toBe('analysed\n');
    const compiled = rig.telemetry.span('compile.execute');
    expect(last?.attributes).toMatchObject({
      'verify.score': 1,
      'verify.blocked': false,
      'provenance.id': `${compiled.traceId}-${compiled.spanId}`,
      'process.exit.code': 0,
    });
    expect(rig.telemetry.diagnostics).toEqual([]);
  });

  it.each([
    ['finds a fault', reporting('Unknown'), 'frama-c could not rule out mem_access in line 7', 0, undefined],
    ['fails', 'echo broken; exit 3', 'frama-c gave no result: EXIT_3', 3, 'EXIT_3'],
    ['crashes', 'kill -SEGV $$', 'frama-c gave no result: SIGSEGV', 139, 'SIGSEGV'],
    ['hangs', 'sleep 300', 'frama-c gave no result: TIMEOUT', 137, 'TIMEOUT'],
    ['floods', 'while :; do echo flood; done', 'frama-c gave no result: FLOOD', 137, 'FLOOD'],
    ['writes no report', 'exit 0', 'frama-c gave no result: NO_OUTPUT', 0, undefined],
  ])('%s blocks the kernel', async (title, body, reason, exitCode, code) => {
    const { result, out, last } = await verified(body, title === 'hangs' ? 2000 : undefined);

    expect(result.failed).toMatchObject([{ reason: 'blocked', detail: reason }]);
    expect(result.bundleBytes).toBeUndefined();
    expect(last?.attributes).toMatchObject({
      'verify.tool': 'frama-c',
      'verify.blocked': true,
      'verify.reason': reason,
      'verify.score': 0,
      'process.exit.code': exitCode,
    });
    expect(last?.attributes['error.code']).toBe(code);
    const stdout = String(last?.attributes['toolchain.stdout.hash']);
    expect(sha256(readFileSync(join(out, 'artifacts', stdout)))).toBe(stdout);
    expect(rig.lines.at(-1)).toMatchObject({
      event: 'verify.block',
      'verify.tool': 'frama-c',
      'verify.reason': reason,
    });
    expect(await rig.points('verification.block_rate')).toEqual({ '': 1 });
  });
});
