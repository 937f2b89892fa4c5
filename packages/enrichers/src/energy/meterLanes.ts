import {
  type MeterReader,
  meterReader,
  type RoleMeter,
  type RoleMeterOptions,
  roleMeters,
  type Settlement,
} from '@benchlab-otel/analysis';
import { type EnergyRole, energyRoles, type SampleHistory, type Source } from '@benchlab-otel/core';

/** An ended span waits at most this many sample periods for the samples after its end, beyond the wait for weights. */
const holdPeriods = 2;
const holdPeriodsOfMeans = 3;

/** A meter that appears or falls silent is noticed within this time, ns: looking at each sample would cost more than it. */
const assignEveryNs = 0.25e9;

type Intervals = Pick<Settlement, 'add' | 'drop' | 'numberOf' | 'untilNs'>;

/** The meters of a settlement that goes along with the samples: which one has which role now, and how far each is. */
export class MeterLanes {
  /** How long a span may have to wait for the samples after its end, ns; 0 without a meter. */
  holdNs = 0;
  readonly #history: SampleHistory;
  readonly #settlement: Intervals;
  readonly #options: RoleMeterOptions;
  #readers: readonly MeterReader[] = [];
  /** By the numbers that the accounts know them by; also those that have no role now. */
  readonly #meters = new Map<number, RoleMeter>();
  /** Up to here the intervals of a meter have been given to the settlement, by its id. */
  readonly #doneNs = new Map<string, number>();
  #fromNs = Number.NEGATIVE_INFINITY;
  #assignedNs = Number.NEGATIVE_INFINITY;

  constructor(history: SampleHistory, settlement: Intervals, options: RoleMeterOptions) {
    this.#history = history;
    this.#settlement = settlement;
    this.#options = options;
  }

  /** Takes in what the history has from `fromNs` on. */
  startFrom(fromNs: number, nowNs: number): void {
    this.#fromNs = fromNs;
    this.#assign(nowNs);
    for (const reader of this.#readers) this.#feed(reader, nowNs);
  }

  /** A source has a new sample. Returns whether the settlement got an interval. */
  sampled(source: Source, timeNs: number, nowNs: number): boolean {
    const isRecent = timeNs >= this.#assignedNs && timeNs - this.#assignedNs < assignEveryNs;
    if (!isRecent || this.#readers.length === 0) this.#assign(timeNs);
    const reader = this.#readers.find(({ meter }) => meter.source.id === source.id);
    return reader !== undefined && this.#feed(reader, nowNs);
  }

  meterOf(number: number): RoleMeter | undefined {
    return this.#meters.get(number);
  }

  /** The meter that has a role now. */
  sourceOf(role: EnergyRole): Source | undefined {
    return this.#readers.find(({ roles }) => roles.includes(role))?.meter.source;
  }

  /** A meter that is lost or falls silent gives its roles to the next one, until it is back. */
  #assign(nowNs: number): void {
    this.#assignedNs = nowNs;
    const meters = roleMeters(this.#history, nowNs);
    const sources = new Map(energyRoles.flatMap((role) => (meters[role] ? [[meters[role].id, meters[role]]] : [])));
    for (const { meter } of this.#readers) {
      if (sources.size > 0 && !sources.has(meter.source.id)) this.#settlement.drop(meter.source.id);
    }
    // While no meter answers, the latest ones stay: spans wait for them, and get what they covered.
    if (sources.size === 0) return;
    this.#readers = [...sources.values()].flatMap((source) => {
      const roles = energyRoles.filter((role) => meters[role]?.id === source.id);
      return meterReader(this.#history, source, roles, this.#options) ?? [];
    });
    this.holdNs = Math.max(0, ...this.#readers.map(({ meter }) => holdNsOf(meter)));
  }

  #feed({ meter, roles, intervals }: MeterReader, nowNs: number): boolean {
    const { id } = meter.source;
    // What another meter has measured is not read again.
    const takenInNs = Math.min(...roles.map((role) => this.#settlement.untilNs(role)));
    const fromNs = Math.max(this.#fromNs, this.#doneNs.get(id) ?? takenInNs);
    // Spans that run now must not get time that is still to come, where the clock of a meter is ahead.
    const found = intervals(fromNs, Number.POSITIVE_INFINITY).filter(({ toNs }) => toNs <= nowNs);
    for (const interval of found) this.#settlement.add(interval, id, meter.leastNs);
    const last = found.at(-1);
    if (last === undefined) return false;
    this.#doneNs.set(id, last.toNs);
    const number = this.#settlement.numberOf(id);
    if (number !== undefined) this.#meters.set(number, meter);
    return true;
  }
}

function holdNsOf({ periodNs, smearNs, isMean }: RoleMeter): number {
  return smearNs + (isMean ? holdPeriodsOfMeans : holdPeriods) * periodNs;
}
