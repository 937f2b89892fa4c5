import type { PowerRole, Sample, Source } from '../contracts/sample.ts';
import { gapLimitNs } from './gap.ts';

/** The roles that energy is given for. `board` is what `system` leaves over. */
export type EnergyRole = Exclude<PowerRole, 'board'>;

export const energyRoles: readonly EnergyRole[] = ['system', 'cpu', 'gpu'];

/** Power of one source over a stretch of time: parallel arrays, oldest first. */
export interface PowerWindow {
  readonly source: Source;
  readonly timesNs: Float64Array;
  readonly uncertaintiesNs: Float64Array;
  /** Watts by role; NaN where a sample had no total for it. Roles that the source never measured are missing. */
  readonly watts: Readonly<Partial<Record<EnergyRole, Float64Array>>>;
  /** 1 where nothing is known between the sample before and this one: the source was lost, or silent for too long. */
  readonly gapBefore: Uint8Array;
  /** The larger of the period of the samples and the period at which the device refreshes its values, ns. */
  readonly periodNs: number;
}

// Periods are the median of this many latest intervals, so that a stall does not move them.
const PERIOD_INTERVALS = 64;
// A device that refreshes more slowly than it is read repeats its values; a steady load does too. Beyond this many
// periods the load is the likelier reason.
const MAX_REFRESH_PERIODS = 5;

/** The power samples of one source in preallocated arrays. */
export class PowerRing {
  source: Source | undefined;
  readonly #times: Float64Array;
  readonly #uncertainties: Float64Array;
  readonly #watts: Record<EnergyRole, Float64Array>;
  readonly #measured = new Set<EnergyRole>();
  readonly #breaks: Uint8Array;
  #count = 0; // ever pushed: sample n lies at n % capacity
  #breakNext = false;
  #period: number | undefined;
  #periodAt = 0;

  constructor(capacity: number) {
    this.#times = new Float64Array(capacity);
    this.#uncertainties = new Float64Array(capacity);
    this.#breaks = new Uint8Array(capacity);
    this.#watts = {
      system: new Float64Array(capacity),
      cpu: new Float64Array(capacity),
      gpu: new Float64Array(capacity),
    };
  }

  /** False when the sample is not newer than the newest one: time does not run backwards here. */
  push(sample: Sample): boolean {
    const newest = this.newestNs();
    if (newest !== undefined && sample.timeNs <= newest) return false;
    const at = this.#count % this.#times.length;
    this.source = sample.source;
    this.#times[at] = sample.timeNs;
    this.#uncertainties[at] = sample.uncertaintyNs;
    this.#breaks[at] = this.#breakNext ? 1 : 0;
    for (const role of energyRoles) {
      const watts = sample.totals?.[role];
      if (watts !== undefined) this.#measured.add(role);
      this.#watts[role][at] = watts ?? Number.NaN;
    }
    this.#breakNext = false;
    this.#count++;
    return true;
  }

  break(): void {
    this.#breakNext = true;
  }

  newestNs(): number | undefined {
    return this.#count === 0 ? undefined : this.#timeOf(this.#count - 1);
  }

  periodNs(): number | undefined {
    // Recomputed every 16 samples: the median of 64 is not worth a sort for every span.
    if (this.#period === undefined || this.#count - this.#periodAt >= 16) {
      this.#period = this.#measurePeriod();
      this.#periodAt = this.#count;
    }
    return this.#period;
  }

  window(startNs: number, endNs: number): PowerWindow | undefined {
    const periodNs = this.periodNs();
    if (this.source === undefined || periodNs === undefined) return undefined;
    const oldest = this.#oldest();
    const first = Math.max(oldest, this.#firstAfter(startNs) - 1);
    const last = Math.min(this.#count - 1, this.#firstAtOrAfter(endNs));
    const length = Math.max(0, last - first + 1);
    const copy = (ring: Float64Array) => Float64Array.from({ length }, (_, k) => ring[(first + k) % ring.length] ?? 0);
    const timesNs = copy(this.#times);
    const gapBefore = Uint8Array.from({ length }, (_, k) => {
      const broken = this.#breaks[(first + k) % this.#breaks.length] === 1;
      const silent = k > 0 && (timesNs[k] ?? 0) - (timesNs[k - 1] ?? 0) > gapLimitNs(periodNs);
      return broken || silent ? 1 : 0;
    });
    const watts: Partial<Record<EnergyRole, Float64Array>> = {};
    for (const role of this.#measured) watts[role] = copy(this.#watts[role]);
    return { source: this.source, timesNs, uncertaintiesNs: copy(this.#uncertainties), watts, gapBefore, periodNs };
  }

  #timeOf(n: number): number {
    return this.#times[n % this.#times.length] ?? Number.NaN;
  }

  #oldest(): number {
    return Math.max(0, this.#count - this.#times.length);
  }

  /** Number of the first sample for which `beyond` holds; `beyond` is monotonic in time. */
  #search(beyond: (timeNs: number) => boolean): number {
    let low = this.#oldest();
    let high = this.#count;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (beyond(this.#timeOf(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #firstAfter(timeNs: number): number {
    return this.#search((time) => time > timeNs);
  }

  #firstAtOrAfter(timeNs: number): number {
    return this.#search((time) => time >= timeNs);
  }

  #measurePeriod(): number | undefined {
    const first = Math.max(this.#oldest(), this.#count - PERIOD_INTERVALS - 1);
    if (this.#count - first < 3) return undefined;
    const reads: number[] = [];
    const refreshes: number[] = [];
    let changedAt: number | undefined;
    for (let n = first + 1; n < this.#count; n++) {
      reads.push(this.#timeOf(n) - this.#timeOf(n - 1));
      const changed = energyRoles.some((role) => {
        const watts = this.#watts[role];
        return !Object.is(watts[n % watts.length], watts[(n - 1) % watts.length]); // absent is NaN
      });
      if (!changed) continue;
      if (changedAt !== undefined) refreshes.push(this.#timeOf(n) - changedAt);
      changedAt = this.#timeOf(n);
    }
    const period = median(reads);
    const refresh = refreshes.length > 0 ? median(refreshes) : period;
    return refresh > MAX_REFRESH_PERIODS * period ? period : Math.max(period, refresh);
  }
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
