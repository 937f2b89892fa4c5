import type { RawPower } from '@benchlab-otel/wire';
import { PowerSeries } from './powerSeries.ts';

/** Samples that are kept: 40 s of a board that is read 100 times a second. */
const maxSamples = 4_096;
/** Samples of which the interval is known, and which the standard error needs. */
const inInterval = 5;
/** How many intervals a row waits for the sample after it. */
const patience = 2;

/** The power of the latest seconds. */
export class LivePower {
  #samples: RawPower[] = [];
  #series: PowerSeries | undefined;

  add(power: RawPower): void {
    this.#series = undefined;
    const last = this.#samples.at(-1);
    this.#samples.push(power);
    if (last !== undefined && last.timeNs > power.timeNs) this.#samples.sort((a, b) => a.timeNs - b.timeNs);
    if (this.#samples.length > maxSamples) this.#samples = this.#samples.slice(-maxSamples / 2);
  }

  get latest(): RawPower | undefined {
    return this.#samples.at(-1);
  }

  /** Whether a row of this instant has all the power that it will get. */
  isKnown(timeNs: number, nowNs: number): boolean {
    const latest = this.#samples.at(-1);
    if (latest === undefined || latest.timeNs >= timeNs) return true;
    const first = this.#samples[Math.max(0, this.#samples.length - inInterval)];
    const intervals = Math.min(this.#samples.length, inInterval) - 1;
    if (first === undefined || intervals < 1) return nowNs - timeNs > 1e9;
    return nowNs - timeNs > patience * ((latest.timeNs - first.timeNs) / intervals);
  }

  get series(): PowerSeries {
    this.#series ??= new PowerSeries(this.#samples);
    return this.#series;
  }
}
