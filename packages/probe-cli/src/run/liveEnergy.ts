import type { ReceivedSpan } from '@benchlab-otel/analysis';
import { measureSpans, type SpanEnergy } from '@benchlab-otel/analysis';
import type { Meter } from './meter.ts';

// A span is measured this long after its end: by then the spans that ran beside it have been exported too.
const SETTLE_NS = 1e9;
/** Spans that wait, or that others may have run beside; the oldest are let go. */
const MAX_SPANS = 4096;

/**
 * The energy of spans while a run goes on. Each call of `settled` gives every span once, when the samples around it and
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
    this.#waiting = [...this.#waiting, ...spans].slice(-MAX_SPANS);
  }

  /** The spans that can be measured at `nowNs`, with their energy. */
  settled(nowNs: number): readonly { span: ReceivedSpan; energy: SpanEnergy }[] {
    const ready = this.#waiting.filter((span) => span.endNs + SETTLE_NS <= nowNs);
    if (ready.length === 0) return [];
    this.#waiting = this.#waiting.filter((span) => span.endNs + SETTLE_NS > nowNs);
    const energies = measureSpans(ready, this.#meter.history, [...this.#waiting, ...this.#measured]);
    this.#measured = [...this.#measured, ...ready].slice(-MAX_SPANS);
    return ready.flatMap((span, k) => {
      const energy = energies[k];
      return energy === undefined ? [] : [{ span, energy }];
    });
  }
}
