import { nearest, shown } from '@benchlab-otel/core';
import { type Env, firstSet } from './environment.ts';

/** Which traces are made. */
export interface SamplerConfig {
  /** How a trace without a parent is decided. */
  readonly root: 'always_on' | 'always_off' | 'traceidratio';
  /** Share of the traces, 0 to 1, of `traceidratio`. */
  readonly ratio: number;
  /** A span with a parent is sampled where its parent is. */
  readonly isParentBased: boolean;
}

/** OpenTelemetry specification, "Environment Variable Specification", known values of OTEL_TRACES_SAMPLER. */
const roots = ['always_on', 'always_off', 'traceidratio'] as const;
const names = roots.flatMap((root) => [root, `parentbased_${root}`]);
/** The default of the specification. */
const defaultSampler: SamplerConfig = { root: 'always_on', ratio: 1, isParentBased: true };

/**
 * From OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG. A wrong value has no effect and gets a warning, as the specification
 * asks for.
 */
export function samplerConfig(env: Env): { readonly sampler: SamplerConfig; readonly warnings: readonly string[] } {
  const named = firstSet(env, ['OTEL_TRACES_SAMPLER']);
  if (named === undefined) return { sampler: defaultSampler, warnings: [] };
  const name = named.value.toLowerCase();
  const root = roots.find((each) => name === each || name === `parentbased_${each}`);
  if (root === undefined) {
    const [near] = nearest(name, names, 1);
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    const what = `OTEL_TRACES_SAMPLER is ${shown(named.value)}, which has no effect: all traces are made.`;
    return { sampler: defaultSampler, warnings: [`${what} Use one of ${names.join(', ')}.${hint}`] };
  }
  const share = root === 'traceidratio' ? ratioOf(env) : { ratio: 1, warnings: [] };
  const isParentBased = name.startsWith('parentbased_');
  return { sampler: { root, ratio: share.ratio, isParentBased }, warnings: share.warnings };
}

function ratioOf(env: Env): { readonly ratio: number; readonly warnings: readonly string[] } {
  const given = firstSet(env, ['OTEL_TRACES_SAMPLER_ARG']);
  if (given === undefined) return { ratio: 1, warnings: [] };
  const ratio = Number(given.value);
  if (ratio >= 0 && ratio <= 1) return { ratio, warnings: [] };
  const what = `OTEL_TRACES_SAMPLER_ARG is ${shown(given.value)}, which has no effect: all traces are made.`;
  return { ratio: 1, warnings: [`${what} It must be a number from 0 to 1.`] };
}
