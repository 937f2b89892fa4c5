import { type EnergyRole, energyRoles } from '@benchlab-otel/core';
import type { Interval, SpanWeights, StartedInterval } from './weights.ts';

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
  /** Covered time, ns, and the sums over it of watts and watts² in W s and W² s, for what gaps may hide. */
  coveredNs: 6,
  wattSeconds: 7,
  watt2Seconds: 8,
  /** Samples taken while it ran. */
  samples: 9,
  /** Of the time of the span, what others had: half of it where two share equally. */
  sharedNs: 10,
  /** Of that, in intervals that were divided by weights; the rest was divided equally. */
  weightedNs: 11,
  /** The number of the meter that it is measured with, from 1; 0 before the first interval. */
  meter: 12,
} as const;

const fields = Object.keys(sum).length;

/** Where the sums of a role begin. */
export const offsets: Readonly<Record<EnergyRole, number>> = { system: 0, cpu: fields, gpu: 2 * fields };

// A copy of an array that holds doubles holds doubles: no number of it is an object of its own.
const zeros = new Array<number>(fields * energyRoles.length).fill(0.5).fill(0);

/** A span that takes part in the settlement, with what it has so far. `Note` is what the caller keeps with it. */
export class SpanAccount<Note = unknown> {
  readonly startNs: number;
  /** `Infinity` while it runs. */
  endNs: number = Number.POSITIVE_INFINITY;
  uncertaintyNs: number;
  readonly parent: SpanAccount | undefined;
  readonly depth: number;
  /** By role and `sum`: `sums[offsets.cpu + sum.joules]`. */
  readonly sums: number[] = zeros.slice();
  /** What weights that grow while the span runs had reached after the last interval. */
  weightSeen: Map<SpanWeights, number> | undefined;
  /** Index among the parts of the interval in hand; -1 outside of one. */
  index = -1;
  /** `settle` has returned it. It may take part on, for a meter that is behind. */
  isReturned = false;
  note: Note | undefined;

  readonly #started: StartedInterval;
  #open: Interval | undefined;
  #ended: Interval | undefined;

  constructor(span: StartedInterval, uncertaintyNs: number, parent: SpanAccount | undefined) {
    this.#started = span;
    this.startNs = span.startNs;
    this.uncertaintyNs = uncertaintyNs;
    this.parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  get spanId(): string {
    return this.#started.spanId;
  }

  /** The span as weights see it. Most settlements have none, so that of a running one is made only when it is asked for. */
  get span(): Interval {
    if (this.#ended !== undefined) return this.#ended;
    this.#open ??= { ...this.#started, endNs: Number.POSITIVE_INFINITY };
    return this.#open;
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  end(span: Interval, uncertaintyNs: number): void {
    this.#ended = span;
    this.endNs = span.endNs;
    this.uncertaintyNs = uncertaintyNs;
  }

  of(role: EnergyRole, field: keyof typeof sum): number {
    return this.sums[offsets[role] + sum[field]] ?? Number.NaN;
  }
}
