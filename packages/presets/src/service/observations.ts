import type { Observation } from './observation.ts';

/** The longest window: the burn rate covers the last hour. */
const keptNs = 3_600e9;
/** At most one observation in this time is kept, however often a snapshot is taken. */
const spacingNs = 5e9;

/** The observations of the last hour and at most one older one, oldest first: at most 721. */
export class Observations {
  readonly #kept: Observation[] = [];

  get all(): readonly Observation[] {
    return this.#kept;
  }

  add(observation: Observation): void {
    const last = this.#kept.at(-1);
    if (last !== undefined && observation.timeNs - last.timeNs < spacingNs) return;
    this.#kept.push(observation);
    // The newest that is older than an hour stays, so that a whole hour is covered.
    while ((this.#kept[1]?.timeNs ?? Number.POSITIVE_INFINITY) <= observation.timeNs - keptNs) this.#kept.shift();
  }

  /** The newest observation that is at least `windowNs` old; else the oldest one, if it is older than now. */
  before(nowNs: number, windowNs: number): Observation | undefined {
    const oldEnough = this.#kept.findLast(({ timeNs }) => timeNs <= nowNs - windowNs) ?? this.#kept[0];
    return oldEnough !== undefined && oldEnough.timeNs < nowNs ? oldEnough : undefined;
  }
}
