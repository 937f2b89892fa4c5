import { gapLimitNs } from '@benchlab-otel/core';
import type { RawPower } from '@benchlab-otel/wire';

/** Power at one instant. */
export interface PowerAt {
  readonly watts: number;
  /** To the nearest sample that it is made of, ns. */
  readonly ageNs: number;
  /** Standard error of `watts`, W: see `PowerSeries`. Absent where too few samples are around. */
  readonly stderrWatts?: number;
  readonly simulated: boolean;
}

/** Energy between two instants. */
export interface EnergyBetween {
  readonly joules: number;
  readonly simulated: boolean;
}

const nsPerSecond = 1e9;
/** Samples whose distance from the line between their neighbours makes the standard error: the latest, and at least this many. */
const [mostResiduals, fewestResiduals] = [8, 3];

/**
 * The power of the whole bench over a session, between its samples by straight lines. Where samples are missing for longer than
 * a gap (`gapLimitNs` of the median interval), and outside of the samples, there is no power. Of two samples of one
 * instant the first counts.
 *
 * The standard error is that of the line at that place, if samples scatter about the true power independently of each other:
 * the scatter is taken from how far each of the eight samples before lies from the line between its neighbours. Power that
 * really moves within three samples counts as scatter, so that it is rather too large than too small. The error of the
 * clocks is not in it.
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
    if (next?.timeNs === timeNs) {
      return { watts: next.watts, ageNs: 0, ...this.#stderr(after - 1, 0), simulated: next.simulated === true };
    }
    const before = this.#samples[after - 1];
    if (before === undefined || next === undefined || this.#isGap(before, next)) return undefined;
    const share = (timeNs - before.timeNs) / (next.timeNs - before.timeNs);
    return {
      watts: before.watts + (next.watts - before.watts) * share,
      ageNs: Math.min(timeNs - before.timeNs, next.timeNs - timeNs),
      ...this.#stderr(after - 1, share),
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

  /** @param latest index of the latest sample that counts: it has one after it */
  #stderr(latest: number, share: number): { readonly stderrWatts?: number } {
    let [sum, count] = [0, 0];
    for (let k = latest; k > 0 && count < mostResiduals; k--) {
      const [before, sample, next] = [this.#samples[k - 1], this.#samples[k], this.#samples[k + 1]];
      if (before === undefined || sample === undefined || next === undefined) break;
      if (this.#isGap(before, sample) || this.#isGap(sample, next)) break;
      const part = (sample.timeNs - before.timeNs) / (next.timeNs - before.timeNs);
      const residual = sample.watts - (before.watts + (next.watts - before.watts) * part);
      // The residual holds the scatter of the sample, and that of its neighbours by their parts of the line.
      sum += residual ** 2 / (1 + (1 - part) ** 2 + part ** 2);
      count++;
    }
    if (count < fewestResiduals) return {};
    return { stderrWatts: Math.sqrt((sum / count) * ((1 - share) ** 2 + share ** 2)) };
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
