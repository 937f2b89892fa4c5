import type { Clock } from '@benchlab-otel/core';
import { metric, spans } from '@benchlab-otel/presets';
import { recordMetric, withSpanOf } from '@benchlab-otel/sdk';
import type { SigningKey } from '../bundle/signingKey.ts';
import { parseSpec } from '../spec/parseSpec.ts';
import type { PipelineSpec } from '../spec/pipelineSpec.ts';
import type { BackendName } from '../spec/specSchema.ts';
import { compileKernel } from './compileKernel.ts';
import { type Build, distribute, writeKernelList } from './distribute.ts';
import { expectedOf } from './kernelChecks.ts';
import type { BuiltKernel, FailedKernel, VerifiedKernel } from './kernelOutcome.ts';
import { lowerKernel } from './lowerKernel.ts';
import type { PipelineContext } from './pipelineContext.ts';
import { compilePlan, type Plan } from './plan.ts';
import { verifyKernel } from './verifyKernel.ts';

export interface PipelineRequest {
  readonly context: PipelineContext;
  /** The text of the specification, and its name for messages. */
  readonly text: string;
  readonly where: string;
  /** When its ingest began: nanoseconds of `clock`. */
  readonly ingestedNs: number;
  readonly clock: Clock;
  readonly key: SigningKey;
  /** Where the list of kernels and the bundle are written. */
  readonly folder: string;
  /** Lower this backend with a defect. */
  readonly breakBackend?: BackendName;
}

export interface PipelineResult extends Build {
  readonly plan: Plan;
  /** Bytes of the bundle. Undefined where none was made: a kernel failed to compile or was blocked. */
  readonly bundleBytes?: number;
}

/** From a specification to a signed bundle, with the spans, metrics and log events of each stage. */
export function runPipeline(request: PipelineRequest): Promise<PipelineResult> {
  const { context, text, where, breakBackend, clock } = request;
  return withSpanOf(spans.pipelineRun, { 'host.kind': context.hostKind }, async () => {
    const spec = withSpanOf(spans.specParse, { 'host.kind': context.hostKind }, () => parseSpec(text, where));
    const plan = await compilePlan(spec, breakBackend, context);
    const build = await built(spec, plan, request);
    writeKernelList(request.folder, build);
    const isWhole = build.failed.every(({ reason }) => reason === 'cannot_lower' || reason === 'missing_toolchain');
    if (!isWhole) return { ...build, plan };
    const bundleBytes = await distribute(request.folder, text, build, request.key);
    recordMetric(metric.pipelineLatency, (clock.nowNs() - request.ingestedNs) / 1e9);
    return { ...build, plan, bundleBytes };
  });
}

async function built(
  spec: PipelineSpec,
  plan: Plan,
  { context, breakBackend, clock }: PipelineRequest,
): Promise<Build> {
  const failed: FailedKernel[] = [...plan.failed];
  const compiled: BuiltKernel[] = [];
  for (const kernel of plan.kernels) {
    const source = lowerKernel(kernel, kernel.backend.name === breakBackend, clock);
    const toolchain = plan.toolchains.get(kernel.backend.name);
    if (toolchain === undefined) {
      const detail = `${kernel.backend.toolchain} is not on this host`;
      failed.push({ ...kernel, reason: 'missing_toolchain', detail });
      continue;
    }
    const outcome = await compileKernel(kernel, source, toolchain, context);
    if ('bytes' in outcome) compiled.push(outcome);
    else failed.push(outcome);
  }
  const kernels = await verified(compiled, failed, plan, context);
  return { spec, kernels, failed };
}

/** The kernels that pass. Those that are blocked are added to `failed`. */
async function verified(
  compiled: readonly BuiltKernel[],
  failed: FailedKernel[],
  { verifiers }: Plan,
  context: PipelineContext,
): Promise<readonly VerifiedKernel[]> {
  const kernels: VerifiedKernel[] = [];
  for (const operator of new Set(compiled.map((kernel) => kernel.operator))) {
    const expected = expectedOf(operator);
    for (const kernel of compiled.filter((each) => each.operator === operator)) {
      const outcome = await verifyKernel(kernel, expected, verifiers.get(kernel.backend.name), context);
      if ('verifiedBy' in outcome) kernels.push(outcome);
      else failed.push(outcome);
    }
  }
  if (compiled.length > 0) recordMetric(metric.verificationBlockRate, 1 - kernels.length / compiled.length);
  return kernels;
}
