import { gapLimitNs } from '@benchlab-otel/core';
import type { RawPower } from '@benchlab-otel/wire';

/** Power at one instant. */
export interface PowerAt {
  readonly watts: number;
  /** To the nearest sample that it is made of, ns. */
  readonly ageNs: number;
  readonly simulated: boolean;
}

/** Energy between two instants. */
export interface EnergyBetween {
  readonly joules: number;
  readonly simulated: boolean;
}

const nsPerSecond = 1e9;

/**
 * The power of the whole bench over a session, between its samples by straight lines. Where samples are missing for longer than
 * a gap (`gapLimitNs` of the median interval), and outside of the samples, there is no power. Of two samples of one
 * instant the first counts.
 */
export class PowerSeries {
  readonly #samples: readonly RawPower[];
  readonly #gapNs: number;

  /** @param samples in any order */
  constructor(samples: readonly RawPower[]) {
    const sorted = samples.toSorted((a, b) => a.timeNs - b.timeNs);
    this.#samples = sorted.filter(({ timeNs }, at) => timeNs !== sorted[at - 1]?.timeNs);
    const intervals = this.#samples.slice(1).map(({ timeNs }, at) => timeNs - (this.#samples[at]?.timeNs ?? timeNs));
    const median = intervals.sort((a, b) => a - b)[(intervals.length - 1) >> 1];
    this.#gapNs = median === undefined ? 0 : gapLimitNs(median);
  }

  get length(): number {
    return this.#samples.length;
  }

  at(timeNs: number): PowerAt | undefined {
    const after = this.#firstAtOrAfter(timeNs);
    const next = this.#samples[after];
    if (next?.timeNs === timeNs) return { watts: next.watts, ageNs: 0, simulated: next.simulated === true };
    const before = this.#samples[after - 1];
    if (before === undefined || next === undefined || this.#isGap(before, next)) return undefined;
    return {
      watts: between(before, next, timeNs),
      ageNs: Math.min(timeNs - before.timeNs, next.timeNs - timeNs),
      simulated: before.simulated === true || next.simulated === true,
    };
  }

  /** By trapezoids. Undefined where a part of the time has no power. */
  energy(fromNs: number, toNs: number): EnergyBetween | undefined {
    const [from, to] = [this.at(fromNs), this.at(toNs)];
    if (from === undefined || to === undefined) return undefined;
    let [joules, simulated] = [0, from.simulated || to.simulated];
    let [atNs, watts] = [fromNs, from.watts];
    for (let k = this.#firstAtOrAfter(fromNs); ; k++) {
      const sample = this.#samples[k];
      if (sample === undefined || sample.timeNs >= toNs) break;
      const next = this.#samples[k + 1];
      if (next !== undefined && this.#isGap(sample, next)) return undefined;
      joules += ((watts + sample.watts) / 2) * ((sample.timeNs - atNs) / nsPerSecond);
      simulated ||= sample.simulated === true;
      [atNs, watts] = [sample.timeNs, sample.watts];
    }
    return { joules: joules + ((watts + to.watts) / 2) * ((toNs - atNs) / nsPerSecond), simulated };
  }

  #isGap(before: RawPower, next: RawPower): boolean {
    return next.timeNs - before.timeNs > this.#gapNs;
  }

  #firstAtOrAfter(timeNs: number): number {
    let [low, high] = [0, this.#samples.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#samples[middle]?.timeNs ?? Number.POSITIVE_INFINITY) < timeNs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function between(before: RawPower, next: RawPower, timeNs: number): number {
  const share = (timeNs - before.timeNs) / (next.timeNs - before.timeNs);
  return before.watts + (next.watts - before.watts) * share;
}
