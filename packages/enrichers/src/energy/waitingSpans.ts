import type { SpanEnergy } from '@benchlab-otel/analysis';
import { meterOf } from '@benchlab-otel/analysis';
import type { Clock, EndedSpan, SampleHistory, Source } from '@benchlab-otel/core';

/** An ended span waits for the sample after its end at most this many sample periods. */
const HOLD_PERIODS = 2;

type Measure = (spans: readonly EndedSpan[]) => readonly (SpanEnergy | undefined)[];

interface Waiting {
  readonly span: EndedSpan;
  readonly deadlineNs: number;
  readonly resolve: (energy: SpanEnergy | undefined) => void;
}

/**
 * Ended spans that wait for the sample after their end, measured together when it comes: the cost is one pass over all
 * of them for each sample, however many spans end between two.
 */
export class WaitingSpans {
  readonly #history: SampleHistory;
  readonly #clock: Clock;
  readonly #measure: Measure;
  #waiting: Waiting[] = [];
  #stopListening: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(history: SampleHistory, clock: Clock, measure: Measure) {
    this.#history = history;
    this.#clock = clock;
    this.#measure = measure;
  }

  measure(span: EndedSpan): Promise<SpanEnergy | undefined> {
    const meter = meterOf(this.#history);
    const periodNs = meter && this.#history.periodNs(meter.id);
    if (meter === undefined || periodNs === undefined) return Promise.resolve(this.#measure([span])[0]);
    return new Promise((resolve) => {
      this.#waiting.push({ span, deadlineNs: span.endNs + HOLD_PERIODS * periodNs, resolve });
      this.#stopListening ??= this.#history.onSample((source, timeNs) => this.#sampled(source, timeNs, meter));
      this.#arm();
    });
  }

  #sampled(source: Source, timeNs: number, meter: Source): void {
    if (source.id === meter.id) this.#settle((waiting) => waiting.span.endNs <= timeNs);
  }

  #arm(): void {
    const earliest = this.#waiting[0];
    if (earliest === undefined || this.#cancelTimer) return;
    this.#cancelTimer = this.#clock.at(earliest.deadlineNs, () => {
      this.#cancelTimer = undefined;
      const nowNs = this.#clock.nowNs();
      this.#settle((waiting) => waiting.deadlineNs <= nowNs);
      this.#arm();
    });
  }

  #settle(isDue: (waiting: Waiting) => boolean): void {
    const due = this.#waiting.filter(isDue);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => !isDue(waiting));
    if (this.#waiting.length === 0) {
      this.#stopListening?.();
      this.#cancelTimer?.();
      this.#stopListening = undefined;
      this.#cancelTimer = undefined;
    }
    const energies = this.#measure(due.map((waiting) => waiting.span));
    for (const [k, waiting] of due.entries()) waiting.resolve(energies[k]);
  }
}
