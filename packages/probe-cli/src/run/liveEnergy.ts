import type { ReceivedSpan } from '@benchlab-otel/analysis';
import { measureSpans, type SpanEnergy } from '@benchlab-otel/analysis';
import type { Meter } from './meter.ts';

// A span is measured this long after its end: by then the spans that ran at the same time have been exported too.
const settleNs = 1e9;
/** Spans that wait, or that others may have overlapped. Beyond this number the oldest are dropped. */
const maxSpans = 4096;

/** A span with its energy. */
export interface MeasuredSpan {
  readonly span: ReceivedSpan;
  readonly energy: SpanEnergy;
}

/**
 * The energy of spans while a program runs. Each call of `settled` gives every span once, when the samples around it and
 * the spans beside it are there. A span whose parent still runs is measured without it, which changes nothing while
 * only one operation has the bench.
 */
export class LiveEnergy {
  readonly #meter: Meter;
  #waiting: ReceivedSpan[] = [];
  #measured: ReceivedSpan[] = [];

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  add(spans: readonly ReceivedSpan[]): void {
    this.#waiting = [...this.#waiting, ...spans].slice(-maxSpans);
  }

  /** The spans that can be measured at `nowNs`, with their energy. */
  settled(nowNs: number): readonly MeasuredSpan[] {
    const ready = this.#waiting.filter((span) => span.endNs + settleNs <= nowNs);
    if (ready.length === 0) return [];
    this.#waiting = this.#waiting.filter((span) => span.endNs + settleNs > nowNs);
    const energies = measureSpans(ready, this.#meter.history, [...this.#waiting, ...this.#measured]);
    this.#measured = [...this.#measured, ...ready].slice(-maxSpans);
    return ready.flatMap((span, k) => {
      const energy = energies[k];
      return energy === undefined ? [] : [{ span, energy }];
    });
  }
}
