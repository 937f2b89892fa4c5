import { clauseId, logEvents, spans } from '@benchlab-otel/presets';
import { eventFields, withSpanOf } from '@benchlab-otel/sdk';
import type { FoundVerifier } from '../verify/verifier.ts';
import { addAttributes } from './addAttributes.ts';
import { analysed, type Checked, compared, type Expected } from './kernelChecks.ts';
import { type BuiltKernel, type FailedKernel, kernelTitle, type VerifiedKernel } from './kernelOutcome.ts';
import type { PipelineContext } from './pipelineContext.ts';

/** The name of the comparison on the same inputs. */
const differential = 'differential';

/**
 * Runs a kernel on the inputs of all kernels of its operator and blocks it where a bit differs; then has its source verified where the
 * host has a verifier. What a verifier cannot show, or gives no result for, is blocked.
 *
 * @throws BenchlabError UNSUPPORTED where the kernel cannot be started on this host
 */
export async function verifyKernel(
  kernel: BuiltKernel,
  expected: Expected,
  verifier: FoundVerifier | undefined,
  context: PipelineContext,
): Promise<VerifiedKernel | FailedKernel> {
  const verifiedBy: string[] = [];
  const checks: readonly Check[] = [
    { tool: differential, run: () => compared(kernel, expected, context) },
    ...(verifier === undefined ? [] : [{ tool: verifier.binary, run: () => analysed(kernel, verifier, context) }]),
  ];
  for (const check of checks) {
    const reason = await checkInSpan(kernel, check, context);
    if (reason !== undefined) {
      return { backend: kernel.backend, operator: kernel.operator, reason: 'blocked', detail: reason };
    }
    verifiedBy.push(check.tool);
  }
  return { ...kernel, verifiedBy };
}

/** One tool that a kernel must pass. */
interface Check {
  readonly tool: string;
  run(): Promise<Checked>;
}

/** @returns why the kernel is blocked */
function checkInSpan(kernel: BuiltKernel, { tool, run }: Check, context: PipelineContext): Promise<string | undefined> {
  const { backend, operator, toolchain, provenance } = kernel;
  const judged = { 'verify.tool': tool, 'provenance.id': provenance };
  const what = { 'backend.name': backend.name, 'operator.name': operator.name, 'clause.id': clauseId(operator.clause) };
  const started = { ...judged, ...what, 'host.kind': context.hostKind, 'toolchain.binary': toolchain.binary };
  return withSpanOf(spans.verifyRun, started, async (span) => {
    const { score, reason, ran } = await run();
    addAttributes(span, spans.verifyRun, {
      'verify.score': score,
      'verify.blocked': reason !== undefined,
      'process.exit.code': ran.exitCode,
      'toolchain.stdout.hash': context.artifacts.put(ran.stdout),
      'toolchain.stderr.hash': context.artifacts.put(ran.stderr),
      ...(ran.error === undefined ? {} : { 'error.type': ran.error.name, 'error.code': ran.error.code }),
    });
    if (reason === undefined) return undefined;
    addAttributes(span, spans.verifyRun, { 'verify.reason': reason });
    context.logger.warn(
      eventFields(logEvents.verifyBlock, { ...judged, ...what, 'verify.reason': reason, 'verify.score': score }),
      `blocked ${kernelTitle(kernel)}`,
    );
    return reason;
  });
}
