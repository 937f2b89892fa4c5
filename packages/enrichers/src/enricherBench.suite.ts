import { type EndedSpan, type EnrichedSignal, type Enricher, SampleHistory } from '@benchlab-otel/core';
import { ManualClock, type SimulatedSource, simulatedSource } from '@benchlab-otel/core/testing';
import { type Attributes, ROOT_CONTEXT, type Span, SpanKind } from '@opentelemetry/api';
import { type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace';
import type { EnricherParts } from './enrichers.ts';

export type MakeEnricher = (parts: EnricherParts) => Enricher;

/** How long `startTelemetry` waits for the enrichers of an ended span: the default of `maxHoldMs` in packages/node. */
export const holdMs = 5_000;
const kinds: readonly EnrichedSignal['kind'][] = ['span', 'log', 'event', 'metric'];

/** An application with one enricher, on a bench whose power is read every 50 ms of a clock that the test moves. */
export class EnricherBench {
  readonly clock = new ManualClock();
  readonly history = new SampleHistory();
  readonly enricher: Enricher;
  /** All attributes that the enricher has added to anything. */
  readonly added: Attributes = {};
  /** Listeners that the enricher has on the samples. */
  listeners = 0;
  /** The meter is there, and answers no poll. */
  isSilent = false;
  readonly #answers = new Set<Promise<Attributes>>();
  readonly #tracer = new TracerProvider().getTracer('bench');
  readonly #source: SimulatedSource;

  constructor(make: MakeEnricher) {
    const watts = { system: 120, cpu: 40, gpu: 60 };
    this.#source = simulatedSource({ clock: this.clock, watts: () => (this.isSilent ? undefined : watts) });
    const listen = this.history.onSample.bind(this.history);
    this.history.onSample = (listener) => {
      const remove = listen(listener);
      this.listeners += 1;
      return () => {
        this.listeners -= 1;
        remove();
      };
    };
    this.enricher = make({ clock: this.clock, history: this.history, stages: [{ span: 'work' }] });
  }

  /** The meter is read from now on. */
  async meter(): Promise<SimulatedSource> {
    await this.#source.start(this.history);
    return this.#source;
  }

  /** Stops the meter, shuts the enricher down, and stops it if the application has to do that. */
  async stop(): Promise<void> {
    await this.#source.stop();
    const { enricher } = this;
    await enricher.shutdown?.();
    if ('stop' in enricher && typeof enricher.stop === 'function') await enricher.stop();
  }

  /** A sampled span of the SDK starts. */
  start(attributes: Attributes = {}, name = 'work'): Span & ReadableSpan {
    const span = this.#tracer.startSpan(name, { attributes }) as Span & ReadableSpan; // the SDK's spans are readable
    const given = { ...span.attributes };
    this.enricher.spanStarted?.(span, ROOT_CONTEXT, { ...idsOf(span), startNs: this.clock.nowNs() });
    for (const [name, value] of Object.entries(span.attributes)) if (given[name] !== value) this.added[name] = value;
    return span;
  }

  /** It ends now, `ms` after its start. Throws what the enricher throws. */
  end(span: ReadableSpan, ms = 200): void {
    const endNs = this.clock.nowNs();
    const attributes = Object.freeze({ ...span.attributes });
    this.ended({ ...idsOf(span), startNs: endNs - ms * 1e6, endNs, uncertaintyNs: 0, attributes });
  }

  ended(span: EndedSpan): void {
    const answer = (async () => (await this.enricher.spanEnded?.(span)) ?? {})();
    this.#answers.add(answer);
    answer.then((added) => Object.assign(this.added, added)).catch(() => {});
  }

  /**
   * The answers to all spans that have ended, after the time that the application waits for them. Rejects with what the
   * enricher has thrown, and where an answer is missing.
   */
  async answers(): Promise<readonly unknown[]> {
    await this.clock.advanceMs(holdMs);
    const answers = [...this.#answers];
    this.#answers.clear();
    const missing = Symbol('missing');
    // A promise that has settled wins against one that settles now.
    const got = await Promise.all(answers.map((answer) => Promise.race([answer, Promise.resolve(missing)])));
    const late = got.filter((answer) => answer === missing).length;
    if (late > 0) throw new Error(`${late} of ${got.length} ended spans have no answer after ${holdMs} ms`);
    return got;
  }

  /** Signals of every kind with these attributes, and the resource. */
  async signals(attributes: Attributes = {}): Promise<void> {
    Object.assign(this.added, await this.enricher.resource?.());
    for (const kind of kinds) {
      const signal = { kind, name: 'work', attributes: Object.freeze({ ...attributes }) };
      Object.assign(this.added, this.enricher.fields?.(signal));
    }
  }

  /** A usual life: three spans of which two overlap, each longer than the sample period, and signals of every kind. */
  async life(given: Attributes = {}): Promise<void> {
    await this.meter();
    await this.signals(given);
    await this.clock.advanceMs(1_000);
    const [outer, inner] = [this.start(given), this.start(given)];
    await this.clock.advanceMs(200);
    this.end(inner);
    await this.clock.advanceMs(300);
    this.end(outer, 500);
    const last = this.start(given);
    await this.clock.advanceMs(200);
    this.end(last);
    await this.answers();
  }
}

function idsOf(span: ReadableSpan) {
  const { traceId, spanId } = span.spanContext();
  return { traceId, spanId, name: span.name, kind: SpanKind.INTERNAL };
}
