import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import type { Operator } from '../spec/pipelineSpec.ts';
import { referenceResult } from '../spec/reference.ts';
import { runTool, type ToolRun } from '../tools/runTool.ts';
import { difference } from '../verify/differential.ts';
import type { Finding } from '../verify/finding.ts';
import { callsText, verificationCalls } from '../verify/verificationCalls.ts';
import type { FoundVerifier } from '../verify/verifier.ts';
import { workFolder } from './compileKernel.ts';
import { type BuiltKernel, kernelTitle } from './kernelOutcome.ts';
import type { PipelineContext } from './pipelineContext.ts';

/** What a tool found of a kernel, and how it ran. */
export interface Checked extends Finding {
  readonly ran: ToolRun;
}

/** Inputs of all kernels of an operator, and what the specification gives for them. */
export interface Expected {
  readonly input: string;
  readonly results: readonly (readonly number[])[];
}

export function expectedOf(operator: Operator): Expected {
  const calls = verificationCalls(operator);
  return { input: callsText(calls), results: calls.map((call) => referenceResult(operator, call)) };
}

/**
 * Runs a kernel on the inputs of all kernels of its operator.
 *
 * @throws BenchlabError UNSUPPORTED where it cannot be started on this host
 */
export async function compared(
  kernel: BuiltKernel,
  { input, results }: Expected,
  context: PipelineContext,
): Promise<Checked> {
  const { backend, toolchain, file } = kernel;
  const folder = workFolder(context, backend.name);
  const command = backend.runs?.(file) ?? { arguments: [] };
  const program = backend.runs === undefined ? `${folder}/${file}` : toolchain.path;
  const { reservesAddresses } = backend;
  const ran = await runTool({ program, input, reservesAddresses, ...context.place, ...command, folder });
  if (ran.error?.name === 'ToolStart') {
    const fix = 'Name a folder with --out, or with TMPDIR, on a file system from which programs may run.';
    throw new BenchlabError('UNSUPPORTED', `The kernel ${kernelTitle(kernel)} cannot be started in ${folder}.`, fix);
  }
  if (ran.error !== undefined) return { score: 0, reason: `the kernel failed: ${ran.error.code}`, ran };
  return { ...difference(ran.stdout.toString('utf8'), results), ran };
}

/** Has the source of a kernel verified, which is in the folder of its backend since it was compiled. */
export async function analysed(
  { backend, operator }: BuiltKernel,
  { path, binary, verifier }: FoundVerifier,
  context: PipelineContext,
): Promise<Checked> {
  const folder = workFolder(context, backend.name);
  const { source } = backend.files(operator.name);
  const report = `${operator.name}.${binary}`;
  const ran = await runTool({
    program: path,
    reservesAddresses: verifier.reservesAddresses,
    ...context.place,
    ...verifier.command(source, report),
    folder,
  });
  const noResult = (code: string) => ({ score: 0, reason: `${binary} gave no result: ${code}`, ran });
  if (ran.error !== undefined) return noResult(ran.error.code);
  try {
    return { ...verifier.finding(readFileSync(join(folder, report), 'utf8'), source), ran };
  } catch {
    return noResult('NO_OUTPUT');
  }
}
