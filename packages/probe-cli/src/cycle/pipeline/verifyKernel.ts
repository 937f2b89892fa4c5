import { BenchlabError } from '@benchlab-otel/core';
import { clauseId, logEvents, spans } from '@benchlab-otel/presets';
import { eventFields, withSpanOf } from '@benchlab-otel/sdk';
import type { Operator } from '../spec/pipelineSpec.ts';
import { referenceResult } from '../spec/reference.ts';
import { runTool } from '../tools/runTool.ts';
import { type Difference, difference } from '../verify/differential.ts';
import { callsText, verificationCalls } from '../verify/verificationCalls.ts';
import { addAttributes } from './addAttributes.ts';
import { workFolder } from './compileKernel.ts';
import { type BuiltKernel, type FailedKernel, kernelTitle, type VerifiedKernel } from './kernelOutcome.ts';
import type { PipelineContext } from './pipelineContext.ts';

/** The name of the comparison on the same inputs. */
const differential = 'differential';

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
 * Runs a kernel on the inputs of all kernels of its operator, and blocks it where a bit differs.
 *
 * @throws BenchlabError UNSUPPORTED where the kernel cannot be started on this host
 */
export function verifyKernel(
  kernel: BuiltKernel,
  expected: Expected,
  context: PipelineContext,
): Promise<VerifiedKernel | FailedKernel> {
  const { backend, operator, toolchain, provenance } = kernel;
  const judged = { 'verify.tool': differential, 'provenance.id': provenance };
  const what = { 'backend.name': backend.name, 'operator.name': operator.name, 'clause.id': clauseId(operator.clause) };
  const started = { ...judged, ...what, 'host.kind': context.hostKind, 'toolchain.binary': toolchain.binary };
  return withSpanOf(spans.verifyRun, started, async (span): Promise<VerifiedKernel | FailedKernel> => {
    const { score, reason } = await compared(kernel, expected, context);
    addAttributes(span, spans.verifyRun, { 'verify.score': score, 'verify.blocked': reason !== undefined });
    if (reason === undefined) return { ...kernel, verifiedBy: [differential] };
    addAttributes(span, spans.verifyRun, { 'verify.reason': reason });
    context.logger.warn(
      eventFields(logEvents.verifyBlock, { ...judged, ...what, 'verify.reason': reason, 'verify.score': score }),
      `blocked ${kernelTitle(kernel)}`,
    );
    return { backend, operator, reason: 'blocked', detail: reason };
  });
}

async function compared(
  kernel: BuiltKernel,
  { input, results }: Expected,
  context: PipelineContext,
): Promise<Difference> {
  const { backend, toolchain, file } = kernel;
  const folder = workFolder(context, backend.name);
  const command = backend.runs?.(file) ?? { arguments: [] };
  const program = backend.runs === undefined ? `${folder}/${file}` : toolchain.path;
  const { reservesAddresses } = backend;
  const run = await runTool({ program, input, reservesAddresses, ...context.place, ...command, folder });
  if (run.error?.name === 'ToolStart') {
    const fix = 'Name a folder with --out, or with TMPDIR, on a file system from which programs may run.';
    throw new BenchlabError('UNSUPPORTED', `The kernel ${kernelTitle(kernel)} cannot be started in ${folder}.`, fix);
  }
  if (run.error !== undefined) return { score: 0, reason: `the kernel failed: ${run.error.code}` };
  return difference(run.stdout.toString('utf8'), results);
}
