import { type EnergyRole, energyRoles, numberOption } from '@benchlab-otel/core';
import { type Balance, emptyBalance } from './balance.ts';
import { MeterLane } from './meterLane.ts';
import { type Growths, type IntervalWatts, type SampleInterval, settleInterval } from './settleInterval.ts';
import { SpanAccount } from './spanAccount.ts';
import { type Interval, type SpanWeights, type StartedInterval, weightOf } from './weights.ts';

export interface SettlementOptions<Note = unknown> {
  /** By what spans divide an interval, for each role. Default: equally. */
  readonly weights?: Readonly<Partial<Record<EnergyRole, SpanWeights>>>;
  /** Watts of the bench at rest. */
  readonly baseline?: Readonly<Partial<Record<EnergyRole, number>>>;
  /** Spans that take part at once. Beyond it the oldest is forgotten: what it used from then on goes to unattributed. */
  readonly maxSpans?: number;
  /** How long an interval waits for the weights of spans that still run, ns. */
  readonly maxWaitNs?: number;
  /** Called with the account of each span that is forgotten at the bound. */
  readonly onForgotten?: (account: SpanAccount<Note>) => void;
}

/** What 4,096 requests in flight need, at some 500 B each. */
const defaultMaxSpans = 4096;
/** Less than the 5 s that an ended span may be held back for its enrichers. */
const defaultMaxWaitNs = 4e9;
/** Intervals that wait at once: 5 s at 100 Hz, twice. Beyond it the oldest is settled as it stands. */
const maxPending = 1024;
/** The interval of an averaging meter waits for what the next one shows, at most this many periods. */
const maxWaitPeriods = 2;
/** Deeper nesting than this is cut: the span counts as part of nothing. */
const maxDepth = 256;
const never = Number.NEGATIVE_INFINITY;

/**
 * Divides the energy between samples among spans, each interval once, in the order of time; spans add up their parts.
 * What it costs grows with the number of intervals that each span lives in, not with the number of spans next to it.
 *
 * @throws OptionError for a bound that is not a whole number, or a baseline that is not a finite number of at least 0
 * @example
 * const settlement = new Settlement();
 * settlement.start({ spanId: 'a', startNs: 0 }, 0);
 * settlement.end({ spanId: 'a', startNs: 0, endNs: 1e9 });
 * settlement.add({ fromNs: 0, toNs: 2e9, watts: { system: { before: 100, mean: 100, after: 100 } }, … });
 * settlement.settle(2e9); // [an account with 100 J]
 */
export class Settlement<Note = unknown> {
  /** Spans that were forgotten at the bound. */
  forgotten = 0;
  readonly balances: Record<EnergyRole, Balance> = { system: emptyBalance(), cpu: emptyBalance(), gpu: emptyBalance() };
  readonly #options: SettlementOptions<Note>;
  readonly #maxSpans: number;
  readonly #maxWaitNs: number;
  readonly #waitsForEnds: boolean;
  /** Weights that are known while spans run, each once. */
  readonly #growing: readonly SpanWeights[];
  /** In the order in which they started, so parents stand before the spans below them. */
  readonly #accounts = new Map<string, SpanAccount<Note>>();
  /**
   * What it has passed was forgotten, so the next one is the oldest. A search from the start passes the places of
   * thousands of spans that have left.
   */
  readonly #byAge = this.#accounts.values();
  /** By the name of the meter; the number of one is its place, from 1. */
  readonly #lanes = new Map<string, MeterLane>();
  /** Up to here a role has been taken in, by any meter. */
  readonly #untilNs: Record<EnergyRole, number> = { system: never, cpu: never, gpu: never };

  constructor(options: SettlementOptions<Note> = {}) {
    const { maxSpans = defaultMaxSpans, maxWaitNs = defaultMaxWaitNs, baseline = {} } = options;
    this.#options = options;
    this.#maxSpans = maxSpans === Number.POSITIVE_INFINITY ? maxSpans : bound('maxSpans', maxSpans, 1);
    this.#maxWaitNs = bound('maxWaitNs', maxWaitNs, 0);
    for (const [role, watts] of Object.entries(baseline)) numberOption(`baseline.${role}`, watts, { least: 0 });
    const weights = [...new Set(Object.values(options.weights ?? {}))];
    this.#growing = weights.filter(({ isKnownAtEnd }) => isKnownAtEnd !== true);
    this.#waitsForEnds = this.#growing.length < weights.length;
  }

  /** How long an ended span may have to wait for weights, ns: 0 where they are known at once. */
  get maxWaitNs(): number {
    return this.#waitsForEnds ? this.#maxWaitNs : 0;
  }

  /** The spans that take part, in the order in which they started. */
  get accounts(): Iterable<SpanAccount<Note>> {
    return this.#accounts.values();
  }

  /** A span that is known already is left as it is. */
  start(span: StartedInterval, uncertaintyNs: number): void {
    if (this.#accounts.has(span.spanId)) return;
    if (this.#accounts.size >= this.#maxSpans) this.#forgetOldest();
    const parent = span.parentSpanId === undefined ? undefined : this.#accounts.get(span.parentSpanId);
    const isTooDeep = parent !== undefined && parent.depth >= maxDepth;
    this.#accounts.set(span.spanId, new SpanAccount(span, uncertaintyNs, isTooDeep ? undefined : parent));
  }

  /** Returns the account; undefined for a span that does not take part, or ended before. */
  end(span: Interval, uncertaintyNs = 0): SpanAccount<Note> | undefined {
    const account = this.#accounts.get(span.spanId);
    if (account === undefined || account.hasEnded) return undefined;
    account.end(span, uncertaintyNs);
    return account;
  }

  /**
   * Takes the time between two samples of a meter in, at the time of the later one. Intervals of a meter come in the
   * order of time, and each role is of one meter at a time. What weights that are known while spans run have reached is
   * read now.
   *
   * @param leastNs spans shorter than this get no figure from the meter, so they are returned without it
   */
  add(interval: SampleInterval, meter = 'meter', leastNs = 0): void {
    const lane = this.#lanes.get(meter) ?? new MeterLane(this.#lanes.size + 1);
    this.#lanes.set(meter, lane);
    lane.leastNs = leastNs;
    // Time that was taken in before is not settled twice.
    const fromNs = Math.max(interval.fromNs, lane.addedNs);
    if (!(interval.toNs > fromNs)) return;
    const watts = this.#takenIn(interval, fromNs);
    lane.add({ ...interval, fromNs, watts }, this.#growthsUntil(interval.toNs));
  }

  /** No further interval of this meter is awaited: what it has added is settled, and spans no longer wait for it. */
  drop(meter: string): void {
    const lane = this.#lanes.get(meter);
    if (lane === undefined || !lane.isAwaited) return;
    lane.isAwaited = false;
    this.#settleLane(lane, Number.POSITIVE_INFINITY);
  }

  /** Up to here intervals of a role have been taken in, ns; `-Infinity` before the first. */
  untilNs(role: EnergyRole): number {
    return this.#untilNs[role];
  }

  /** The number that the accounts know a meter by. */
  numberOf(meter: string): number | undefined {
    return this.#lanes.get(meter)?.number;
  }

  /** Settles the intervals that are ready at `nowNs`. Returns the accounts of the spans that ended within them. */
  settle(nowNs: number): readonly SpanAccount<Note>[] {
    let hasSettled = false;
    for (const lane of this.#lanes.values()) hasSettled = this.#settleLane(lane, nowNs) || hasSettled;
    return hasSettled ? this.#finished() : [];
  }

  /** The account of an ended span as far as it goes, for which no further sample is awaited. It no longer takes part. */
  close(spanId: string): SpanAccount<Note> | undefined {
    const account = this.#accounts.get(spanId);
    this.#accounts.delete(spanId);
    return account;
  }

  #forgetOldest(): void {
    // The oldest makes room: it is the likeliest never to end, and spans that do end must not go without for ever.
    const { value: oldest } = this.#byAge.next();
    if (oldest === undefined) return;
    this.#accounts.delete(oldest.spanId);
    this.forgotten++;
    this.#options.onForgotten?.(oldest);
  }

  /** The roles of an interval that no other meter has settled, and their time without samples. */
  #takenIn({ watts, toNs, isGap }: SampleInterval, fromNs: number): SampleInterval['watts'] {
    const taken: Partial<Record<EnergyRole, IntervalWatts>> = {};
    for (const role of energyRoles) {
      const of = watts[role];
      const untilNs = this.#untilNs[role];
      if (of === undefined || fromNs < untilNs) continue;
      const unknownNs = (untilNs === never ? 0 : fromNs - untilNs) + (isGap ? toNs - fromNs : 0);
      this.balances[role].gapSeconds += unknownNs * 1e-9;
      this.#untilNs[role] = toNs;
      taken[role] = of;
    }
    return taken;
  }

  #settleLane(lane: MeterLane, nowNs: number): boolean {
    let hasSettled = false;
    for (let next = lane.first; next !== undefined; next = lane.first) {
      if (!this.#isReady(next.interval, nowNs, lane.waiting)) break;
      lane.shift();
      hasSettled = true;
      const { weights, baseline } = this.#options;
      const { balances } = this;
      const options = { growths: next.growths, weights, baseline, balances, meter: lane.number };
      settleInterval(next.interval, this.#aliveIn(next.interval), options);
    }
    return hasSettled;
  }

  #isReady({ toNs, isMean, periodNs }: SampleInterval, nowNs: number, waiting: number): boolean {
    if (isMean && waiting === 1 && nowNs - toNs < maxWaitPeriods * periodNs) return false;
    if (!this.#waitsForEnds || waiting > maxPending || nowNs - toNs >= this.#maxWaitNs) return true;
    for (const account of this.#accounts.values()) {
      if (!account.hasEnded && account.startNs < toNs) return false;
    }
    return true;
  }

  #growthsUntil(toNs: number): Growths | undefined {
    if (this.#growing.length === 0) return undefined;
    const growths = new Map<SpanWeights, Map<SpanAccount, number | undefined>>();
    for (const weights of this.#growing) {
      const grown = new Map<SpanAccount, number | undefined>();
      for (const account of this.#accounts.values()) {
        if (account.startNs < toNs) grown.set(account, growthOf(weights, account));
      }
      growths.set(weights, grown);
    }
    return growths;
  }

  #aliveIn({ fromNs, toNs }: SampleInterval): readonly SpanAccount[] {
    const alive: SpanAccount[] = [];
    for (const account of this.#accounts.values()) {
      const { startNs, endNs } = account;
      if (startNs < toNs && endNs > fromNs && endNs > startNs) alive.push(account);
    }
    return alive;
  }

  #finished(): readonly SpanAccount<Note>[] {
    const lanes = [...this.#lanes.values()].filter(({ isAwaited }) => isAwaited);
    const settledNs = lanes.reduce((least, lane) => Math.min(least, lane.settledNs), Number.POSITIVE_INFINITY);
    // A span that is too short for all meters waits for the finest.
    const leastNs = lanes.reduce((least, lane) => Math.min(least, lane.leastNs), Number.POSITIVE_INFINITY);
    const finished: SpanAccount<Note>[] = [];
    for (const account of this.#accounts.values()) {
      const { startNs, endNs } = account;
      if (endNs === Number.POSITIVE_INFINITY) continue;
      const seenNs = Math.max(endNs - startNs, leastNs);
      const isOver = !(endNs > settledNs);
      if (isOver) this.#accounts.delete(account.spanId);
      else if (lanes.some((lane) => lane.leastNs <= seenNs && endNs > lane.settledNs)) continue;
      if (account.isReturned) continue;
      account.isReturned = true;
      finished.push(account);
    }
    return finished;
  }
}

function bound(option: string, value: number, least: number): number {
  return numberOption(option, value, { least, isWhole: true });
}

/** What a weight grew by since it was read before; undefined where it is not known. */
function growthOf(weights: SpanWeights, account: SpanAccount): number | undefined {
  const reached = weightOf(weights, account.span);
  if (reached === undefined) return undefined;
  account.weightSeen ??= new Map();
  const before = account.weightSeen.get(weights) ?? 0;
  account.weightSeen.set(weights, reached);
  return reached - before;
}
