import { type EnergyRole, energyRoles } from '@benchlab-otel/core';
import type { Growths, IntervalWatts, SampleInterval } from './settleInterval.ts';

interface Pending {
  readonly interval: SampleInterval;
  readonly growths: Growths | undefined;
}

/** The intervals of one meter: taken in, and settled up to a time. */
export class MeterLane {
  /** From 1. */
  readonly number: number;
  /** Spans shorter than this get no figure from it, ns. */
  leastNs = 0;
  addedNs: number = Number.NEGATIVE_INFINITY;
  settledNs: number = Number.NEGATIVE_INFINITY;
  /** Further intervals are expected, so spans wait for them. */
  isAwaited = true;
  #pending: Pending[] = [];

  constructor(number: number) {
    this.number = number;
  }

  get first(): Pending | undefined {
    return this.#pending[0];
  }

  get waiting(): number {
    return this.#pending.length;
  }

  add(interval: SampleInterval, growths: Growths | undefined): void {
    this.addedNs = interval.toNs;
    this.isAwaited = true;
    const last = this.#pending.at(-1);
    if (last?.interval.isMean && !interval.isGap) {
      this.#pending[this.#pending.length - 1] = { ...last, interval: followed(last.interval, interval) };
    }
    this.#pending.push({ interval, growths });
  }

  shift(): void {
    const first = this.#pending.shift();
    if (first !== undefined) this.settledNs = first.interval.toNs;
  }
}

/** The interval of an averaging meter with what the next one shows of the power after it. */
function followed(interval: SampleInterval, next: SampleInterval): SampleInterval {
  const watts: Partial<Record<EnergyRole, IntervalWatts>> = {};
  for (const role of energyRoles) {
    const of = interval.watts[role];
    if (of !== undefined) watts[role] = { ...of, after: next.watts[role]?.mean ?? of.after };
  }
  return { ...interval, watts };
}
