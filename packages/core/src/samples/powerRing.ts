import type { PowerRole, Sample, Source } from '../contracts/sample.ts';
import { SamplePeriod } from './samplePeriod.ts';

/** The roles that energy is given for. `board` is what `system` leaves over. */
export type EnergyRole = Exclude<PowerRole, 'board'>;

/** The roles that spans have joules of. */
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

/** Polls that are dithered have uneven intervals: over this many of them the times of their deadlines show. */
const intervalsPerSpan = 8;
/** The refresh period is the median of the changes of value among this many latest samples. */
const refreshSamples = 64;
/** It is measured again after this number of samples: a sort for each span would cost more than it is worth. */
const refreshEvery = 16;
/** A steady load repeats its values too: beyond this many sample periods that is the likelier reason. */
const maxRefreshPeriods = 5;

/** The power samples of one source in preallocated arrays. */
export class PowerRing {
  source: Source | undefined;
  readonly #times: Float64Array;
  readonly #uncertainties: Float64Array;
  readonly #watts: Record<EnergyRole, Float64Array>;
  readonly #measured = new Set<EnergyRole>();
  readonly #breaks: Uint8Array;
  readonly #period = new SamplePeriod();
  #count = 0; // ever pushed: sample n lies at n % capacity
  #breakNext = false;
  #refreshNs: number | undefined;
  #steadyPeriodNs: number | undefined;
  #measuredAt = 0;

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
    // The time that a source was lost for says nothing of its period.
    const isGap = this.#breakNext || (newest !== undefined && this.#period.observe(sample.timeNs - newest));
    const at = this.#count % this.#times.length;
    this.source = sample.source;
    this.#times[at] = sample.timeNs;
    this.#uncertainties[at] = sample.uncertaintyNs;
    this.#breaks[at] = isGap ? 1 : 0;
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

  /** The larger of the sample period and the period at which the device refreshes its values, ns. */
  periodNs(): number | undefined {
    const latestNs = this.#period.periodNs;
    if (this.#count < 3 || latestNs === undefined) return undefined;
    if (this.#refreshNs === undefined || this.#count - this.#measuredAt >= refreshEvery) {
      this.#refreshNs = this.#measureRefresh();
      this.#steadyPeriodNs = this.#measurePeriod();
      this.#measuredAt = this.#count;
    }
    // After a change of rate the latest intervals are right, and the many are of the rate before.
    const steadyNs = this.#steadyPeriodNs ?? latestNs;
    const periodNs = latestNs < 2 * steadyNs ? steadyNs : latestNs;
    const isSteady = this.#refreshNs > maxRefreshPeriods * periodNs;
    return isSteady ? periodNs : Math.max(periodNs, this.#refreshNs);
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
    const gapBefore = Uint8Array.from({ length }, (_, k) => this.#breaks[(first + k) % this.#breaks.length] ?? 0);
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

  /** The median, over the latest samples, of the mean of some intervals in a row, ns; undefined while there are few. */
  #measurePeriod(): number | undefined {
    const first = Math.max(this.#oldest(), this.#count - refreshSamples - 1);
    const spans: number[] = [];
    for (let n = first + intervalsPerSpan; n < this.#count; n++) {
      spans.push((this.#timeOf(n) - this.#timeOf(n - intervalsPerSpan)) / intervalsPerSpan);
    }
    return spans.length < intervalsPerSpan ? undefined : median(spans);
  }

  /** The median time between changes of value, ns; 0 where the value changed at most once. */
  #measureRefresh(): number {
    const first = Math.max(this.#oldest(), this.#count - refreshSamples - 1);
    const refreshes: number[] = [];
    let changedAt: number | undefined;
    for (let n = first + 1; n < this.#count; n++) {
      const changed = energyRoles.some((role) => {
        const watts = this.#watts[role];
        return !Object.is(watts[n % watts.length], watts[(n - 1) % watts.length]); // absent is NaN
      });
      if (!changed) continue;
      if (changedAt !== undefined) refreshes.push(this.#timeOf(n) - changedAt);
      changedAt = this.#timeOf(n);
    }
    return refreshes.length === 0 ? 0 : median(refreshes);
  }
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
