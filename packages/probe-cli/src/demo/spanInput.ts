import type { Clock, ClockAnchor } from '@benchlab-otel/core';
import type { DashboardInput, InputSink } from '@benchlab-otel/dashboard';
import type { MeasuredSpan } from '../run/liveEnergy.ts';

/** Traces whose first span has not ended yet. Beyond this number the oldest are shown without it. */
const mostWaiting = 1_000;
const nsPerMs = 1e6;

/** Spans as an input of a dashboard: a trace is a run, and each of its spans a launch and a completion with its energy. */
export class SpanInput implements DashboardInput {
  readonly name: string;
  readonly node: string;
  readonly #anchor: ClockAnchor;
  readonly #waiting = new Map<string, MeasuredSpan[]>();
  #sink: InputSink | undefined;

  constructor(name: string, node: string, clock: Clock) {
    this.name = name;
    this.node = node;
    this.#anchor = clock.anchor();
  }

  async start(sink: InputSink): Promise<void> {
    this.#sink = sink;
    sink.changed({ condition: 'open', clock: 'this host' });
  }

  async stop(): Promise<void> {
    this.#sink = undefined;
  }

  /** A run is named by its first span, which ends last: the spans of a trace wait for it. */
  add(spans: readonly MeasuredSpan[]): void {
    for (const measured of spans) {
      const { traceId, parentSpanId } = measured.span;
      const trace = [...(this.#waiting.get(traceId) ?? []), measured];
      if (parentSpanId === undefined) this.#show(traceId, trace);
      else this.#waiting.set(traceId, trace);
    }
    for (const [traceId, trace] of this.#waiting) {
      if (this.#waiting.size <= mostWaiting) break;
      this.#show(traceId, trace);
    }
  }

  #show(run: string, trace: readonly MeasuredSpan[]): void {
    this.#waiting.delete(run);
    for (const { span, energy } of trace.toSorted((a, b) => a.span.startNs - b.span.startNs)) {
      const event = { kind: 'event', node: this.node, component: span.name, run } as const;
      const joules = energy.roles.system?.joules;
      this.#sink?.fact({ ...event, event: 'launch', timeMs: this.#epochMs(span.startNs) });
      this.#sink?.fact({
        ...event,
        event: 'completion',
        timeMs: this.#epochMs(span.endNs),
        ...(joules !== undefined && { energyJoules: joules }),
        ...(span.failed && { errorType: String(span.attributes['error.type'] ?? 'error') }),
        ...(energy.source.simulated && { simulated: true as const }),
      });
    }
  }

  #epochMs(timeNs: number): number {
    return Number(this.#anchor.epochNs) / nsPerMs + (timeNs - this.#anchor.timeNs) / nsPerMs;
  }
}
