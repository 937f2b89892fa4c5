import {
  BenchlabError,
  type Clock,
  type EndedSpan,
  type Enricher,
  type PowerRole,
  SampleHistory,
  type Source,
} from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { type Attributes, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { type SpanEnergyOptions, spanEnergy } from './spanEnergy.ts';

const nsPerMs = 1e6;
const nowhere = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 1 };

export const meterOf = (id: string, boundary: NonNullable<Source['boundary']>, simulated = false): Source => ({
  id,
  name: id,
  simulated,
  boundary,
  attributes: {},
});

/** Meters that are read in a time that the test moves by hand, and spans that the enricher answers. */
export class EnergyRig {
  readonly clock = new ManualClock(0);
  readonly history: SampleHistory = new SampleHistory();
  readonly enricher: Enricher;
  readonly #meters = new Map<
    Source,
    { readonly periodMs: number; readonly watts: Partial<Record<PowerRole, number>> }
  >();

  constructor(options: SpanEnergyOptions = {}, history?: SampleHistory) {
    if (history !== undefined) this.history = history;
    this.enricher = spanEnergy(this.history, { clock: this.clock as Clock, ...options });
  }

  get nowMs(): number {
    return this.clock.nowNs() / nsPerMs;
  }

  /** From now on the source is read at this period; with undefined it falls silent. */
  read(source: Source, watts: Partial<Record<PowerRole, number>> | undefined, periodMs = 50): void {
    if (watts === undefined) this.#meters.delete(source);
    else this.#meters.set(source, { periodMs, watts });
  }

  lose(source: Source): void {
    this.read(source, undefined);
    const error = new BenchlabError('BOARD_LOST', 'It was unplugged.', 'Plug it in.');
    this.history.lost({ source, timeNs: this.clock.nowNs(), error });
  }

  sample(source: Source, timeMs: number, totals: Partial<Record<PowerRole, number>>): void {
    this.history.sample({ source, timeNs: timeMs * nsPerMs, uncertaintyNs: 0, readings: [], totals });
  }

  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    for (let nowMs = this.nowMs + 10; nowMs <= untilMs; nowMs += 10) {
      await this.clock.advanceMs(10);
      for (const [source, { periodMs, watts }] of this.#meters) {
        if (nowMs % periodMs === 0) this.sample(source, nowMs, watts);
      }
    }
  }

  start(spanId: string, more: Partial<EndedSpan> = {}): EndedSpan {
    const span: EndedSpan = {
      traceId: 'a'.repeat(32),
      spanId,
      name: 'work',
      kind: SpanKind.INTERNAL,
      startNs: this.clock.nowNs(),
      endNs: Number.NaN,
      uncertaintyNs: 0,
      attributes: {},
      ...more,
    };
    this.enricher.spanStarted?.(trace.wrapSpanContext(nowhere), ROOT_CONTEXT, span);
    return span;
  }

  end(span: EndedSpan, more: Partial<EndedSpan> = {}): Promise<Attributes | undefined> {
    return Promise.resolve(this.enricher.spanEnded?.({ ...span, endNs: this.clock.nowNs(), ...more }));
  }

  /** A span of `ms` milliseconds, and what it got. */
  async span(ms: number, more: Partial<EndedSpan> = {}): Promise<Attributes | undefined> {
    const span = this.start(more.spanId ?? `s${this.nowMs}`, more);
    await this.advance(ms);
    const energy = this.end(span, more);
    await this.advance(4800);
    return energy;
  }

  /** The counts of a metric by role. */
  counts(name: string): Readonly<Record<string, number>> {
    const counts = (this.enricher.counts?.() ?? []).filter(({ definition }) => definition.name === name);
    return Object.fromEntries(
      counts.map(({ attributes, value }) => [
        ['benchlab.operation', 'benchlab.power.role'].flatMap((key) => attributes?.[key] ?? []).join(' '),
        value,
      ]),
    );
  }
}
