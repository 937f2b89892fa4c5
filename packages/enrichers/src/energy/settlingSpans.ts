import {
  type MeterModel,
  Settlement,
  type SettlementOptions,
  type SpanAccount,
  type SpanEnergy,
  spanEnergyOf,
} from '@benchlab-otel/analysis';
import type { Clock, EndedSpan, EnergyRole, SampleHistory, Source, SpanAnswer, StartedSpan } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { MeterLanes } from './meterLanes.ts';

/** Less than the 5 s after which a span leaves without its enrichers: a slow meter must not look like a failure. */
const maxHoldNs = 4.8e9;

/** An ended span that waits for its samples. */
interface Waiting {
  readonly span: EndedSpan;
  readonly deadlineNs: number;
  readonly answer: SpanAnswer;
}
type Account = SpanAccount<Waiting>;

export interface SettlingSpansOptions extends Omit<SettlementOptions, 'onForgotten'> {
  readonly clock: Clock;
  /** The attributes that state the energy of a span. One function for all spans: a closure for each costs memory. */
  readonly attributesOf: (span: EndedSpan, energy: SpanEnergy) => Attributes;
  /** What is known of the meter. Default: what is published of its product. */
  readonly meter?: MeterModel;
  /** Called after each sample of any source. */
  readonly onSampled?: (timeNs: number) => void;
}

/**
 * The spans of this process in a settlement that goes along with the samples: each sample settles the interval before
 * it, and answers the spans that ended in it.
 */
export class SettlingSpans {
  readonly settlement: Settlement<Waiting>;
  readonly #history: SampleHistory;
  readonly #clock: Clock;
  readonly #lanes: MeterLanes;
  readonly #attributesOf: SettlingSpansOptions['attributesOf'];
  readonly #onSampled: ((timeNs: number) => void) | undefined;
  /** Ended spans without an answer. */
  #waiting = 0;
  #stopListening: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(history: SampleHistory, { clock, attributesOf, onSampled, ...options }: SettlingSpansOptions) {
    this.#history = history;
    this.#clock = clock;
    this.#attributesOf = attributesOf;
    this.#onSampled = onSampled;
    this.settlement = new Settlement({ ...options, onForgotten: (account) => this.#answer(account, undefined) });
    this.#lanes = new MeterLanes(history, this.settlement, options);
  }

  start(span: StartedSpan): void {
    this.settlement.start(span, 0);
    if (this.#stopListening !== undefined) return;
    this.#stopListening = this.#history.onSample((source, timeNs) => this.#sampled(source, timeNs));
    // The application may have given the span a start in the past, of which the history has samples.
    this.#lanes.startFrom(span.startNs, this.#clock.nowNs());
    this.#settle();
  }

  /**
   * Calls `answer` once: when the samples after the end of the span have come, or are given up. Returns false, and calls
   * nothing, where the span is not known or there is no meter.
   */
  end(span: EndedSpan, answer: SpanAnswer): boolean {
    // A second end must not take the account from the first, which waits for its sample.
    const account = this.settlement.end(span, span.uncertaintyNs);
    if (account === undefined) return false;
    const { holdNs } = this.#lanes;
    if (holdNs === 0) {
      this.settlement.close(span.spanId);
      return false;
    }
    const nowNs = this.#clock.nowNs();
    // An application may give an end in the future, or one that is not a number: it does not prolong the wait.
    const endNs = Number.isFinite(span.endNs) ? Math.min(span.endNs, nowNs) : nowNs;
    const deadlineNs = endNs + Math.min(maxHoldNs, holdNs + this.settlement.maxWaitNs);
    account.note = { span, deadlineNs, answer };
    this.#waiting++;
    if (this.#cancelTimer === undefined) this.#arm(deadlineNs);
    return true;
  }

  /** The meter that has a role now. */
  sourceOf(role: EnergyRole): Source | undefined {
    return this.#lanes.sourceOf(role);
  }

  /** Takes no further samples until a span starts again, and gives up the spans that wait. */
  stop(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#giveUp(Number.POSITIVE_INFINITY);
  }

  #sampled(source: Source, timeNs: number): void {
    if (this.#lanes.sampled(source, timeNs, this.#clock.nowNs())) this.#settle();
    this.#onSampled?.(timeNs);
  }

  #settle(): void {
    for (const account of this.settlement.settle(this.#clock.nowNs())) this.#answer(account, this.#energyOf(account));
  }

  #energyOf(account: Account): SpanEnergy | undefined {
    return spanEnergyOf(account, (number) => this.#lanes.meterOf(number));
  }

  #answer(account: Account, energy: SpanEnergy | undefined): void {
    const waiting = account.note;
    if (waiting === undefined) return;
    account.note = undefined;
    this.#waiting--;
    if (this.#waiting === 0) {
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
    }
    waiting.answer(energy && this.#attributesOf(waiting.span, energy));
  }

  /** One timer, which finds a meter that has fallen silent. */
  #arm(deadlineNs: number): void {
    this.#cancelTimer = this.#clock.at(deadlineNs, () => {
      this.#cancelTimer = undefined;
      const nextNs = this.#giveUp(this.#clock.nowNs());
      if (nextNs !== Number.POSITIVE_INFINITY && this.#cancelTimer === undefined) this.#arm(nextNs);
    });
  }

  /** Answers the spans whose deadline has passed. Returns the next deadline. */
  #giveUp(nowNs: number): number {
    let nextNs = Number.POSITIVE_INFINITY;
    for (const account of [...this.settlement.accounts]) {
      if (account.note === undefined) continue;
      const { deadlineNs } = account.note;
      if (deadlineNs > nowNs) nextNs = Math.min(nextNs, deadlineNs);
      else this.#answer(account, this.#energyOf(this.settlement.close(account.spanId) ?? account));
    }
    return nextNs;
  }
}
