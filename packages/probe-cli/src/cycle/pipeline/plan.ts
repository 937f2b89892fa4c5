import { BenchlabError, OptionError } from '@benchlab-otel/core';
import { clauseId, Readiness, spans } from '@benchlab-otel/presets';
import { withSpanOf } from '@benchlab-otel/sdk';
import { backends } from '../lower/backends.ts';
import type { PipelineSpec } from '../spec/pipelineSpec.ts';
import type { BackendName } from '../spec/specSchema.ts';
import { findToolchain, type Toolchain } from '../tools/toolchain.ts';
import type { FoundVerifier } from '../verify/verifier.ts';
import { type FailedKernel, type KernelPlan, kernelTitle } from './kernelOutcome.ts';
import type { PipelineContext } from './pipelineContext.ts';

/** What is to be made of a specification on this host. */
export interface Plan {
  /** Kernels that their backend can express, also where its toolchain is absent. */
  readonly kernels: readonly KernelPlan[];
  readonly failed: readonly FailedKernel[];
  readonly toolchains: ReadonlyMap<BackendName, Toolchain>;
  /** Verifiers of their sources that the host has. */
  readonly verifiers: ReadonlyMap<BackendName, FoundVerifier>;
  readonly missingBinaries: readonly { readonly backend: BackendName; readonly binary: string }[];
}

/**
 * Finds out which backend can express which operator, and which toolchains the host has.
 *
 * @throws OptionError where `breakBackend` is not of this specification; BenchlabError BAD_OPTION where no backend can express any operator, UNSUPPORTED where no toolchain is there
 */
export function compilePlan(
  spec: PipelineSpec,
  breakBackend: BackendName | undefined,
  context: PipelineContext,
): Promise<Plan> {
  const whole = clauseId(spec.operators.map(({ clause }) => clause).join('\n'));
  return withSpanOf(spans.planCompileGraph, { 'host.kind': context.hostKind, 'clause.id': whole }, async () => {
    checkBroken(spec, breakBackend);
    const all = spec.operators.flatMap((operator) =>
      spec.backends.map((name) => ({ operator, backend: backends[name] })),
    );
    const kernels = all.filter(({ backend, operator }) => backend.refuses(operator) === undefined);
    const failed = all.flatMap((plan): FailedKernel[] => {
      const detail = plan.backend.refuses(plan.operator);
      return detail === undefined ? [] : [{ ...plan, reason: 'cannot_lower', detail }];
    });
    if (kernels.length === 0) throw nothingToLower(failed);
    const toolchains = new Map<BackendName, Toolchain>();
    const verifiers = new Map<BackendName, FoundVerifier>();
    const missingBinaries: { backend: BackendName; binary: string }[] = [];
    for (const name of spec.backends) {
      const { toolchain: binary, reservesAddresses, verifier } = backends[name];
      const found = await findToolchain(binary, reservesAddresses, context.place);
      if (found === undefined) {
        missingBinaries.push({ backend: name, binary });
        continue;
      }
      toolchains.set(name, found);
      if (verifier === undefined) continue;
      const other = await findToolchain(verifier.binary, verifier.reservesAddresses, context.place);
      if (other !== undefined) verifiers.set(name, { ...other, verifier });
    }
    new Readiness().record({
      operators: kernels.map(({ backend, operator }) => ({ backend: backend.name, maturity: operator.maturity })),
      missingBinaries,
    });
    checkToolchains(kernels, toolchains, breakBackend);
    return { kernels, failed, toolchains, verifiers, missingBinaries };
  });
}

function checkBroken({ backends: known }: PipelineSpec, name: BackendName | undefined): void {
  if (name === undefined || known.includes(name)) return;
  throw new OptionError({
    option: 'break',
    value: name,
    allowed: `a backend of the specification: ${known.join(', ')}`,
  });
}

function nothingToLower(failed: readonly FailedKernel[]): BenchlabError {
  const [first] = failed;
  const why = first === undefined ? '' : ` ${kernelTitle(first)}: ${first.detail}.`;
  const what = `No backend of the specification can express any of its operators.${why}`;
  return new BenchlabError('BAD_OPTION', what, 'Add a backend, or choose other numbers.');
}

function checkToolchains(
  kernels: readonly KernelPlan[],
  toolchains: ReadonlyMap<BackendName, Toolchain>,
  breakBackend: BackendName | undefined,
): void {
  const binaries = [...new Set(kernels.map(({ backend }) => backend.toolchain))].join(', ');
  if (!kernels.some(({ backend }) => toolchains.has(backend.name))) {
    const what = `This host has no toolchain for the specification: ${binaries} were looked for.`;
    throw new BenchlabError('UNSUPPORTED', what, 'Install one of them.');
  }
  if (breakBackend === undefined || toolchains.has(breakBackend)) return;
  const binary = backends[breakBackend].toolchain;
  throw new BenchlabError(
    'UNSUPPORTED',
    `--break ${breakBackend} needs ${binary}, which is not there.`,
    `Install ${binary}, or break another backend.`,
  );
}
