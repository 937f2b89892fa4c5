import { type EnergyRole, energyRoles } from '@benchlab-otel/core';
import type { Interval, SpanWeights } from './weights.ts';

/** What one span has of one role so far: places in `SpanAccount.sums`. */
export const sum = {
  joules: 0,
  selfJoules: 1,
  /** Beyond the baseline; stays 0 without one. */
  activeJoules: 2,
  /** J², from where power may have changed between samples, and from the clocks. */
  variance: 3,
  /** Edges of the span that fell between samples, and the sum of step² times share² over them, W². */
  edges: 4,
  edgeSteps: 5,
  /** Covered time, s, and the sums over it of watts and watts², for what gaps may hide. */
  seconds: 6,
  wattSeconds: 7,
  watt2Seconds: 8,
} as const;

const fields = Object.keys(sum).length;

/** Where the sums of a role begin. */
export const offsets: Readonly<Record<EnergyRole, number>> = { system: 0, cpu: fields, gpu: 2 * fields };

// A copy of an array that holds doubles holds doubles: no number of it is an object of its own.
const zeros = new Array<number>(fields * energyRoles.length).fill(0.5).fill(0);

/** A span that takes part in the settlement, with what it has so far. */
export class SpanAccount {
  span: Interval;
  uncertaintyNs: number;
  readonly parent: SpanAccount | undefined;
  readonly depth: number;
  /** By role and `sum`: `sums[offsets.cpu + sum.joules]`. */
  readonly sums: number[] = zeros.slice();
  coveredNs = 0;
  /** Of the time of the span, what others had: half of it where two share equally. */
  sharedNs = 0;
  /** Of that, in intervals that were divided by weights, and in those divided equally for want of them. */
  weightedNs = 0;
  equalNs = 0;
  samples = 0;
  /** What weights that grow while the span runs had reached after the last interval. */
  weightSeen: Map<SpanWeights, number> | undefined;
  /** Index among the parts of the interval in hand; -1 outside of one. */
  index = -1;

  constructor(span: Interval, uncertaintyNs: number, parent: SpanAccount | undefined) {
    this.span = span;
    this.uncertaintyNs = uncertaintyNs;
    this.parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  of(role: EnergyRole, field: keyof typeof sum): number {
    return this.sums[offsets[role] + sum[field]] ?? Number.NaN;
  }
}
