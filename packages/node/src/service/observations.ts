import type { Observation } from './observation.ts';

/** The longest look back: the burn rate is one of the last hour. */
const keptNs = 3_600e9;
/** No more than one in so long is kept, however often somebody asks. */
const spacingNs = 5e9;

/** The observations of the last hour and a little more, oldest first; at most some 720. */
export class Observations {
  readonly #kept: Observation[] = [];

  get all(): readonly Observation[] {
    return this.#kept;
  }

  add(observation: Observation): void {
    const last = this.#kept.at(-1);
    if (last !== undefined && observation.timeNs - last.timeNs < spacingNs) return;
    this.#kept.push(observation);
    // The newest that is older than an hour stays: from it on, an hour is covered.
    while ((this.#kept[1]?.timeNs ?? Number.POSITIVE_INFINITY) <= observation.timeNs - keptNs) this.#kept.shift();
  }

  /** The newest that is at least so old; else the oldest there is, if it is older than now. */
  before(nowNs: number, windowNs: number): Observation | undefined {
    const oldEnough = this.#kept.findLast(({ timeNs }) => timeNs <= nowNs - windowNs) ?? this.#kept[0];
    return oldEnough !== undefined && oldEnough.timeNs < nowNs ? oldEnough : undefined;
  }
}
