import type { Clock, Enricher, SampleHistory } from '@benchlab-otel/core';
import { cpuTime } from './cpu/cpuTime.ts';
import { spanEnergy } from './energy/spanEnergy.ts';
import { baggageKeys } from './identity/baggageKeys.ts';
import { ci } from './identity/ci.ts';
import { container } from './identity/container.ts';
import { git } from './identity/git.ts';
import { testCase } from './identity/testCase.ts';
import { kernelVariant } from './kernels/kernelVariant.ts';
import { type SpanStage, spanStages } from './stages/spanStages.ts';

/** What a process gives to the enrichers that it makes by their names. */
export interface EnricherParts {
  readonly clock: Clock;
  /** The power samples of the bench: also one of the `consumers` of `startTelemetry`. */
  readonly history: SampleHistory;
  /** Spans that stand for stages of a pipeline, at least one. */
  readonly stages: readonly SpanStage[];
  /** Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Every enricher of this package, by its name. A new one is a file and a line here: the contract suite finds it.
 *
 * @example enrichers['span-energy']?.({ clock: systemClock, history, stages: [] })
 */
export const enrichers: Readonly<Record<string, (parts: EnricherParts) => Enricher>> = {
  baggage: ({ env = process.env }) =>
    baggageKeys({ keys: wordsOf(env.TELEMETRY_BAGGAGE_KEYS), metricKeys: wordsOf(env.TELEMETRY_BAGGAGE_METRIC_KEYS) }),
  ci: ({ env }) => ci(env && { env }),
  container: () => container(),
  'cpu-time': () => cpuTime(),
  git: ({ env }) => git(env && { env }),
  'kernel-variant': ({ env = process.env }) =>
    kernelVariant(env.TELEMETRY_KERNELS ? { kernels: env.TELEMETRY_KERNELS } : {}),
  'span-energy': ({ history, clock }) => spanEnergy(history, { clock }),
  'span-stages': ({ stages }) => spanStages({ stages }),
  'test-case': () => testCase(),
};

function wordsOf(list = ''): readonly string[] {
  return list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
