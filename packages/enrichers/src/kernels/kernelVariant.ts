import {
  attribute,
  createReportOnce,
  type EnrichedSignal,
  type Enricher,
  knownOptions,
  metric,
  OptionError,
  textOption,
} from '@benchlab-otel/core';
import type { KernelList } from '@benchlab-otel/wire';
import { type Attributes, type Context, context, createContextKey } from '@opentelemetry/api';
import { KernelIndex, type KnownKernels, readKernels } from './knownKernels.ts';

/** The kernel that work uses. */
export interface KernelInUse {
  /** As the list of kernels has it: `c-float64`, `gpu-cuda`. */
  readonly variant: string;
  /** The operator, where the variant alone does not name the kernel. */
  readonly name?: string;
  readonly backend?: string;
  /** What the work would have used and does not have. Default: the kernel itself, where the list states that it is missing. */
  readonly missingArtifact?: string;
}

/** Where the kernels that a build made are listed. */
export interface KernelVariantOptions {
  /** The list, or the path of `kernels.json`. Without it no variant is checked. */
  readonly kernels?: string | KernelList;
}

const key = createContextKey('benchlab-otel kernel');
/** Different values that become labels of metrics; further ones are `_OTHER`. */
const maxLabels = 100;
/** Characters of a value. */
const maxLength = 256;

/**
 * Runs `work` with a kernel: where `kernelVariant()` is among the enrichers, spans, log lines, events and points of metrics within
 * carry its variant, and what is missing. Returns and throws what `work` does.
 *
 * @throws OptionError for a variant, a name, a backend or a missing artifact that is not a text
 * @example await withKernel({ variant: 'c-float64', name: 'dot' }, () => dot(a, b));
 */
export function withKernel<T>(kernel: KernelInUse, work: () => T): T {
  const { variant, name, backend, missingArtifact } = Object(kernel) as Partial<KernelInUse>;
  textOption('variant', variant);
  for (const [option, value] of Object.entries({ name, backend, missingArtifact })) {
    if (value !== undefined) textOption(option, value);
  }
  return context.with(context.active().setValue(key, { ...kernel }), work);
}

/**
 * Puts the kernel of `withKernel` on all kinds of signal: `kernel_variant`, and `missing_artifact` where the build lacks it. In
 * events they are among the diagnostics. A variant that is not in the list is counted in `benchlab.kernel.unknown_uses`, and reported
 * once. A list that cannot be read is reported, and nothing is checked then.
 *
 * @throws OptionError when `kernels` is neither a path nor a list
 * @example const telemetry = await startTelemetry({ enrichers: [kernelVariant({ kernels: 'build/kernels.json' })] });
 */
export function kernelVariant(options: KernelVariantOptions = {}): Enricher {
  knownOptions<KernelVariantOptions>('kernelVariant', options, { kernels: true });
  return new KernelVariants(listOf(options.kernels));
}

/** What is put on signals within a kernel. */
interface Resolved {
  readonly attributes: Readonly<Record<string, string>>;
  readonly isListed: boolean;
}

class KernelVariants implements Enricher {
  readonly name = 'kernel-variant';
  readonly #index: KernelIndex | undefined;
  readonly #report = createReportOnce('kernel-variant');
  /** Many spans and points are within one kernel. */
  readonly #resolved = new WeakMap<KernelInUse, Resolved>();
  readonly #labels = new Set<string>();
  #unknown = 0;

  constructor(known: KnownKernels | undefined) {
    if (known === undefined) return;
    if ('list' in known) this.#index = new KernelIndex(known.list);
    else this.#report(`${known.reason}. Variants of kernels are not checked.`);
  }

  spanStarted: NonNullable<Enricher['spanStarted']> = (span, parent) => {
    const kernel = kernelIn(parent);
    if (kernel === undefined) return;
    const { attributes, isListed } = this.#of(kernel);
    if (!isListed) this.#unknown += 1;
    span.setAttributes(attributes);
  };

  fields({ kind }: EnrichedSignal): Attributes {
    // Spans have it from their start.
    const kernel = kind === 'span' ? undefined : kernelIn(context.active());
    if (kernel === undefined) return {};
    const { attributes } = this.#of(kernel);
    if (kind === 'metric') return mapped(attributes, (name, value) => [name, this.#label(value)]);
    return kind === 'event' ? mapped(attributes, (name, value) => [`diagnostics.${name}`, value]) : { ...attributes };
  }

  counts(): ReturnType<NonNullable<Enricher['counts']>> {
    return [{ definition: metric.benchlabKernelUnknownUses, value: this.#unknown }];
  }

  #of(kernel: KernelInUse): Resolved {
    const known = this.#resolved.get(kernel);
    if (known !== undefined) return known;
    const { isListed, missing } = this.#index?.state(kernel) ?? { isListed: true };
    const missingArtifact = kernel.missingArtifact ?? missing;
    const attributes = {
      [attribute.kernelVariant]: kernel.variant.slice(0, maxLength),
      ...(missingArtifact !== undefined && { [attribute.missingArtifact]: missingArtifact.slice(0, maxLength) }),
    };
    if (!isListed) {
      const what = [kernel.name, kernel.backend, kernel.variant].filter(Boolean).join('/').slice(0, maxLength);
      this.#report(`the kernel ${what} is not in the list of ${this.#index?.title}.`);
    }
    const resolved = { attributes, isListed };
    this.#resolved.set(kernel, resolved);
    return resolved;
  }

  #label(value: string): string {
    if (this.#labels.has(value)) return value;
    if (this.#labels.size >= maxLabels) return '_OTHER';
    this.#labels.add(value);
    return value;
  }
}

function kernelIn(of: Context): KernelInUse | undefined {
  return of.getValue(key) as KernelInUse | undefined; // only `withKernel` sets it
}

function mapped(
  attributes: Readonly<Record<string, string>>,
  change: (name: string, value: string) => [string, string],
): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => change(name, value)));
}

function listOf(kernels: unknown): KnownKernels | undefined {
  if (kernels === undefined) return undefined;
  if (typeof kernels === 'string') return readKernels(textOption('kernels', kernels));
  const list = Object(kernels) as Partial<KernelList>;
  if (Array.isArray(list.kernels) && Array.isArray(list.missing)) return { list: list as KernelList }; // as parseKernelFile() gives it
  throw new OptionError({ option: 'kernels', value: kernels, allowed: 'a path or a list of kernels' });
}
