import {
  isAveraging,
  type MeterModel,
  meterModelOf,
  meterOf,
  Settlement,
  type SettlementOptions,
  type SpanEnergy,
  sampleInterval,
  spanEnergyOf,
} from '@benchlab-otel/analysis';
import type { Clock, EndedSpan, SampleHistory, Source, StartedSpan } from '@benchlab-otel/core';

/** An ended span waits at most this many sample periods for the samples after its end, beyond the wait for weights. */
const holdPeriods = 2;
const holdPeriodsOfMeans = 3;

interface Waiting {
  readonly deadlineNs: number;
  readonly resolve: (energy: SpanEnergy | undefined) => void;
}

export interface SettlingSpansOptions extends SettlementOptions {
  readonly clock: Clock;
  /** What is known of the meter. Default: what is published of its product. */
  readonly meter?: MeterModel;
}

/**
 * The spans of this process in a settlement that goes along with the samples: each sample settles the interval before
 * it, and answers the spans that ended in it.
 */
export class SettlingSpans {
  readonly settlement: Settlement;
  readonly #history: SampleHistory;
  readonly #options: SettlingSpansOptions;
  readonly #waiting = new Map<string, Waiting>();
  #meter: Source | undefined;
  /** Up to here samples have been given to the settlement. */
  #newestNs = Number.NEGATIVE_INFINITY;
  #stopListening: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(history: SampleHistory, options: SettlingSpansOptions) {
    this.#history = history;
    this.#options = options;
    this.settlement = new Settlement(options);
  }

  start(span: StartedSpan): void {
    this.settlement.start({ ...span, endNs: Number.POSITIVE_INFINITY }, 0);
    if (this.#stopListening !== undefined) return;
    this.#stopListening = this.#history.onSample((source) => this.#sampled(source));
    // The application may have given the span a start in the past, of which the history has samples.
    this.#newestNs = span.startNs;
    this.#meter = meterOf(this.#history);
    if (this.#meter !== undefined) this.#sampled(this.#meter);
  }

  /** Resolves when the sample after the end of the span has come, or is given up. */
  end(span: EndedSpan): Promise<SpanEnergy | undefined> {
    // A second end must not take the account from the first, which waits for its sample.
    if (this.#waiting.has(span.spanId)) return Promise.resolve(undefined);
    const isKnown = this.settlement.end(span, span.uncertaintyNs);
    const meter = meterOf(this.#history);
    const periodNs = meter && this.#history.periodNs(meter.id);
    if (!isKnown || meter === undefined || periodNs === undefined) {
      this.settlement.close(span.spanId);
      return Promise.resolve(undefined);
    }
    const isMean = isAveraging(this.#options.meter ?? meterModelOf(meter));
    const holdNs = (isMean ? holdPeriodsOfMeans : holdPeriods) * periodNs;
    const nowNs = this.#options.clock.nowNs();
    // An application may give an end in the future, or one that is not a number: it does not prolong the wait.
    const endNs = Number.isFinite(span.endNs) ? Math.min(span.endNs, nowNs) : nowNs;
    const deadlineNs = endNs + holdNs + this.settlement.maxWaitNs;
    return new Promise((resolve) => {
      this.#waiting.set(span.spanId, { deadlineNs, resolve });
      this.#arm();
    });
  }

  /** Takes no further samples until a span starts again, and gives up the spans that wait. */
  stop(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    for (const spanId of [...this.#waiting.keys()]) this.#answer(spanId, this.#energyOf(this.settlement.close(spanId)));
  }

  #sampled(source: Source): void {
    const meter = meterOf(this.#history);
    const newestNs = meter && this.#history.newestNs(meter.id);
    if (meter === undefined || newestNs === undefined || source.id !== meter.id) return;
    // Another meter took over: neither measured the time until its first sample.
    if (this.#meter?.id !== meter.id) this.#newestNs = Math.max(this.#newestNs, newestNs);
    this.#meter = meter;
    const fromNs = this.#newestNs;
    if (fromNs >= newestNs) return;
    const window = this.#history.window(meter.id, fromNs, newestNs);
    if (window === undefined) return;
    const isMean = isAveraging(this.#options.meter ?? meterModelOf(meter));
    for (let k = 1; k < window.timesNs.length; k++) this.settlement.add(sampleInterval(window, k, isMean));
    this.#newestNs = newestNs;
    for (const account of this.settlement.settle(this.#options.clock.nowNs())) {
      this.#answer(account.span.spanId, this.#energyOf(account));
    }
  }

  #energyOf(account: Parameters<typeof spanEnergyOf>[0]['account'] | undefined): SpanEnergy | undefined {
    const source = this.#meter;
    const periodNs = source && this.#history.periodNs(source.id);
    if (account === undefined || source === undefined || periodNs === undefined) return undefined;
    const { weights, baseline } = this.#options;
    return spanEnergyOf({
      account,
      source,
      periodNs,
      weights: weights?.system?.name,
      hasBaseline: baseline !== undefined,
    });
  }

  #answer(spanId: string, energy: SpanEnergy | undefined): void {
    const waiting = this.#waiting.get(spanId);
    this.#waiting.delete(spanId);
    if (this.#waiting.size === 0) {
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
    }
    waiting?.resolve(energy);
  }

  /** One timer, for the span that waits longest: spans end in the order of time, nearly. */
  #arm(): void {
    const [first] = this.#waiting.values();
    if (first === undefined || this.#cancelTimer) return;
    this.#cancelTimer = this.#options.clock.at(first.deadlineNs, () => {
      this.#cancelTimer = undefined;
      const nowNs = this.#options.clock.nowNs();
      for (const [spanId, { deadlineNs }] of this.#waiting) {
        if (deadlineNs > nowNs) break;
        this.#answer(spanId, this.#energyOf(this.settlement.close(spanId)));
      }
      this.#arm();
    });
  }
}
