import type { EnergyRole, Source } from '@benchlab-otel/core';
import type { MeterModel } from './estimate/meterModel.ts';
import { isAveraging, meterModelOf } from './meterModelOf.ts';
import type { SpanWeights } from './settlement/weights.ts';

/** A meter as the energy of spans needs it: the same for all spans that it measures at a time. */
export interface RoleMeter {
  readonly source: Source;
  readonly model: MeterModel;
  readonly periodNs: number;
  /** Spans shorter than this get no figure, ns. */
  readonly leastNs: number;
  /** It shows means over windows of this length, ns; 0 where it does not. */
  readonly smearNs: number;
  /** It shows the mean since the sample before. */
  readonly isMean: boolean;
  /** The device counts energy itself. */
  readonly isCounter: boolean;
  readonly weights?: Readonly<Partial<Record<EnergyRole, SpanWeights>>> | undefined;
  readonly hasBaseline: boolean;
}

/** What of the options of a settlement concerns the meter. */
export interface RoleMeterOptions {
  /** What is known of the meter. Default: what is published of its product. */
  readonly meter?: MeterModel | undefined;
  readonly weights?: Readonly<Partial<Record<EnergyRole, SpanWeights>>> | undefined;
  readonly baseline?: Readonly<Partial<Record<EnergyRole, number>>> | undefined;
}

/** A window hides where in it power changed, so less than two of them say nothing of what lies between. */
const windowsOfSpan = 2;

export function roleMeter(source: Source, periodNs: number, options: RoleMeterOptions = {}): RoleMeter {
  const model = options.meter ?? meterModelOf(source);
  const { aperture } = model;
  const isWindow = typeof aperture === 'object' && aperture.kind === 'mean' && typeof aperture.seconds === 'number';
  const smearNs = isWindow ? Number(aperture.seconds) * 1e9 : 0;
  const isMean = isAveraging(model);
  return {
    source,
    model,
    periodNs,
    smearNs,
    leastNs: smearNs > 0 ? windowsOfSpan * Math.max(smearNs, periodNs) : periodNs,
    isMean,
    // A board computes a mean from its readings; the counters are in the devices.
    isCounter: isMean && source.boundary !== 'dc_rails',
    weights: options.weights,
    hasBaseline: options.baseline !== undefined,
  };
}
