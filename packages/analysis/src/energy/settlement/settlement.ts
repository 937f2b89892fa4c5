import { type EnergyRole, energyRoles, numberOption } from '@benchlab-otel/core';
import { type Balance, emptyBalance } from './balance.ts';
import { type Growths, type IntervalWatts, type SampleInterval, settleInterval } from './settleInterval.ts';
import { SpanAccount } from './spanAccount.ts';
import { type Interval, type SpanWeights, weightOf } from './weights.ts';

export interface SettlementOptions {
  /** By what spans divide an interval, for each role. Default: equally. */
  readonly weights?: Readonly<Partial<Record<EnergyRole, SpanWeights>>>;
  /** Watts of the bench at rest. */
  readonly baseline?: Readonly<Partial<Record<EnergyRole, number>>>;
  /** Spans that take part at once. Beyond it the oldest is forgotten: what it used from then on goes to unattributed. */
  readonly maxSpans?: number;
  /** How long an interval waits for the weights of spans that still run, ns. */
  readonly maxWaitNs?: number;
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

interface Pending {
  interval: SampleInterval;
  readonly growths: Growths;
}

/**
 * Divides the energy between samples among spans, each interval once, in the order of time; spans add up their parts.
 * What it costs grows with the number of intervals that each span lives in, not with the number of spans next to it.
 *
 * @throws OptionError for a bound that is not a whole number, or a baseline that is not a finite number of at least 0
 * @example
 * const settlement = new Settlement();
 * settlement.start({ spanId: 'a', startNs: 0, endNs: Infinity }, 0);
 * settlement.end({ spanId: 'a', startNs: 0, endNs: 1e9 });
 * settlement.add({ fromNs: 0, toNs: 2e9, watts: { system: { before: 100, mean: 100, after: 100 } }, … });
 * settlement.settle(2e9); // [an account with 100 J]
 */
export class Settlement {
  /** Spans that were forgotten at the bound. */
  forgotten = 0;
  readonly balances: Record<EnergyRole, Balance> = { system: emptyBalance(), cpu: emptyBalance(), gpu: emptyBalance() };
  readonly #options: SettlementOptions;
  readonly #maxSpans: number;
  readonly #maxWaitNs: number;
  readonly #waitsForEnds: boolean;
  /** In the order in which they started, so parents stand before the spans below them. */
  readonly #accounts = new Map<string, SpanAccount>();
  #pending: Pending[] = [];
  #addedNs = Number.NEGATIVE_INFINITY;
  #settledNs = Number.NEGATIVE_INFINITY;

  constructor(options: SettlementOptions = {}) {
    const { maxSpans = defaultMaxSpans, maxWaitNs = defaultMaxWaitNs, baseline = {} } = options;
    this.#options = options;
    this.#maxSpans = maxSpans === Number.POSITIVE_INFINITY ? maxSpans : bound('maxSpans', maxSpans, 1);
    this.#maxWaitNs = bound('maxWaitNs', maxWaitNs, 0);
    for (const [role, watts] of Object.entries(baseline)) numberOption(`baseline.${role}`, watts, { least: 0 });
    this.#waitsForEnds = Object.values(options.weights ?? {}).some((weights) => weights.isKnownAtEnd === true);
  }

  /** How long an ended span may have to wait for weights, ns: 0 where they are known at once. */
  get maxWaitNs(): number {
    return this.#waitsForEnds ? this.#maxWaitNs : 0;
  }

  /** A span that is known already is left as it is. */
  start(span: Interval, uncertaintyNs: number): void {
    if (this.#accounts.has(span.spanId)) return;
    if (this.#accounts.size >= this.#maxSpans) {
      // The oldest makes room: it is the likeliest never to end, and spans that do end must not go without for ever.
      const oldest = this.#accounts.keys().next();
      if (!oldest.done) this.#accounts.delete(oldest.value);
      this.forgotten++;
    }
    const parent = span.parentSpanId === undefined ? undefined : this.#accounts.get(span.parentSpanId);
    const isTooDeep = parent !== undefined && parent.depth >= maxDepth;
    this.#accounts.set(span.spanId, new SpanAccount(span, uncertaintyNs, isTooDeep ? undefined : parent));
  }

  /** Returns false for a span that does not take part, or ended before. */
  end(span: Interval, uncertaintyNs = 0): boolean {
    const account = this.#accounts.get(span.spanId);
    if (account === undefined || account.span.endNs !== Number.POSITIVE_INFINITY) return false;
    account.span = span;
    account.uncertaintyNs = uncertaintyNs;
    return true;
  }

  /**
   * Takes the time between two samples in, at the time of the later one. Intervals come in the order of time. What
   * weights that are known while spans run have reached is read now.
   */
  add(interval: SampleInterval): void {
    // Time that was taken in before is not settled twice.
    const fromNs = Math.max(interval.fromNs, this.#addedNs);
    if (!(interval.toNs > fromNs)) return;
    this.#addedNs = interval.toNs;
    const last = this.#pending.at(-1);
    if (last?.interval.isMean && !interval.isGap) last.interval = followed(last.interval, interval);
    this.#pending.push({ interval: { ...interval, fromNs }, growths: this.#growthsUntil(interval.toNs) });
  }

  /** Settles the intervals that are ready at `nowNs`. Returns the accounts of the spans that ended within them. */
  settle(nowNs: number): readonly SpanAccount[] {
    const before = this.#settledNs;
    let next = this.#pending[0];
    while (next !== undefined && this.#isReady(next.interval, nowNs, this.#pending.length)) {
      this.#pending.shift();
      this.#settledNs = next.interval.toNs;
      settleInterval(next.interval, this.#aliveIn(next.interval), {
        growths: next.growths,
        weights: this.#options.weights,
        baseline: this.#options.baseline,
        balances: this.balances,
      });
      next = this.#pending[0];
    }
    return this.#settledNs === before ? [] : this.#finished();
  }

  /** The account of an ended span as far as it goes, for which no further sample is awaited. It no longer takes part. */
  close(spanId: string): SpanAccount | undefined {
    const account = this.#accounts.get(spanId);
    this.#accounts.delete(spanId);
    return account;
  }

  #isReady({ toNs, isMean, periodNs }: SampleInterval, nowNs: number, waiting: number): boolean {
    if (isMean && waiting === 1 && nowNs - toNs < maxWaitPeriods * periodNs) return false;
    if (!this.#waitsForEnds || waiting > maxPending || nowNs - toNs >= this.#maxWaitNs) return true;
    for (const { span } of this.#accounts.values()) {
      if (span.endNs === Number.POSITIVE_INFINITY && span.startNs < toNs) return false;
    }
    return true;
  }

  #growthsUntil(toNs: number): Growths {
    const growths = new Map<SpanWeights, Map<SpanAccount, number | undefined>>();
    for (const weights of new Set(Object.values(this.#options.weights ?? {}))) {
      if (weights.isKnownAtEnd) continue;
      const grown = new Map<SpanAccount, number | undefined>();
      for (const account of this.#accounts.values()) {
        if (account.span.startNs < toNs) grown.set(account, growthOf(weights, account));
      }
      growths.set(weights, grown);
    }
    return growths;
  }

  #aliveIn({ fromNs, toNs }: SampleInterval): readonly SpanAccount[] {
    const alive: SpanAccount[] = [];
    for (const account of this.#accounts.values()) {
      const { startNs, endNs } = account.span;
      if (startNs < toNs && endNs > fromNs && endNs > startNs) alive.push(account);
    }
    return alive;
  }

  #finished(): readonly SpanAccount[] {
    const finished: SpanAccount[] = [];
    for (const [id, account] of this.#accounts) {
      if (account.span.endNs > this.#settledNs) continue;
      finished.push(account);
      this.#accounts.delete(id);
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

/** The interval of an averaging meter with what the next one shows of the power after it. */
function followed(interval: SampleInterval, next: SampleInterval): SampleInterval {
  const watts: Partial<Record<EnergyRole, IntervalWatts>> = {};
  for (const role of energyRoles) {
    const of = interval.watts[role];
    if (of !== undefined) watts[role] = { ...of, after: next.watts[role]?.mean ?? of.after };
  }
  return { ...interval, watts };
}
