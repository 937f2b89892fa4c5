import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clauseId, logEvents, metric, spans } from '@benchlab-otel/presets';
import { eventFields, provenanceId, recordMetric, withSpanOf } from '@benchlab-otel/sdk';
import { sha256 } from '../tools/artifacts.ts';
import { runTool, type ToolRun } from '../tools/runTool.ts';
import type { Toolchain } from '../tools/toolchain.ts';
import { ToolError } from '../tools/toolError.ts';
import { addAttributes } from './addAttributes.ts';
import { type BuiltKernel, type FailedKernel, type KernelPlan, kernelTitle } from './kernelOutcome.ts';
import type { PipelineContext } from './pipelineContext.ts';

/** Characters of what a failed compiler wrote that people see. The whole is kept under its hash. */
const longestDetail = 500;

/** The folder in which the files of a backend are made. */
export function workFolder({ place }: PipelineContext, backend: string): string {
  return join(place.folder, backend);
}

/** Compiles a source. A toolchain that fails is an outcome, not an error: the other kernels are built. */
export async function compileKernel(
  plan: KernelPlan,
  source: string,
  toolchain: Toolchain,
  context: PipelineContext,
): Promise<BuiltKernel | FailedKernel> {
  const { backend, operator } = plan;
  const outcome = { backend: backend.name, host_kind: context.hostKind };
  try {
    const built = await compiledInSpan(plan, source, toolchain, context);
    recordMetric(metric.compileSuccess, 1, outcome);
    return { backend, operator, source, toolchain, ...built };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    recordMetric(metric.compileFailure, 1, { ...outcome, 'error.type': error.name });
    return { backend, operator, reason: 'compile_failed', detail: error.message };
  }
}

function compiledInSpan(plan: KernelPlan, source: string, toolchain: Toolchain, context: PipelineContext) {
  const { backend, operator } = plan;
  const common = { 'backend.name': backend.name, 'toolchain.binary': toolchain.binary, 'host.kind': context.hostKind };
  const what = { 'operator.name': operator.name, 'clause.id': clauseId(operator.clause) };
  return withSpanOf(spans.compileExecute, { ...common, ...what, 'build.cache_hit': false }, async (span) => {
    context.logger.info(eventFields(logEvents.compileStart, { ...common, ...what }), `compile ${kernelTitle(plan)}`);
    const folder = workFolder(context, backend.name);
    mkdirSync(folder, { recursive: true });
    const files = backend.files(operator.name);
    writeFileSync(join(folder, files.source), source);
    const run = await runTool({
      program: toolchain.path,
      reservesAddresses: backend.reservesAddresses,
      ...context.place,
      ...backend.compile(files),
      folder,
    });
    const hashes = {
      'toolchain.stdout.hash': context.artifacts.put(run.stdout),
      'toolchain.stderr.hash': context.artifacts.put(run.stderr),
    };
    const { bytes, error } = kernelOf(join(folder, files.kernel), run, toolchain.binary);
    const end = { 'process.exit.code': run.exitCode, ...hashes };
    addAttributes(span, spans.compileExecute, end);
    const failure = error === undefined ? {} : { 'error.type': error.name, 'error.code': error.code };
    context.logger.info(
      eventFields(logEvents.compileEnd, { ...common, ...what, ...end, ...failure, 'build.cache_hit': false }),
      `compiled ${kernelTitle(plan)}${error === undefined ? '' : `: ${error.message}`}`,
    );
    if (bytes === undefined) throw error;
    const hash = sha256(bytes);
    addAttributes(span, spans.compileExecute, {
      'compile.output.hashes': [hash],
      'compile.output.sizes': [bytes.length],
    });
    return { file: files.kernel, bytes, sha256: hash, provenance: provenanceId(span) };
  });
}

/** What the toolchain made. One that ended well and made nothing has failed. */
function kernelOf(path: string, { error, stderr }: ToolRun, binary: string): { bytes?: Buffer; error?: ToolError } {
  if (error !== undefined) {
    const said = stderr.toString('utf8').trim().slice(0, longestDetail);
    error.message = said === '' ? error.message : `${error.message}: ${said}`;
    return { error };
  }
  try {
    return { bytes: readFileSync(path) };
  } catch {
    return { error: new ToolError('ToolExit', 'NO_OUTPUT', `${binary} ended well and made no ${path}`) };
  }
}
