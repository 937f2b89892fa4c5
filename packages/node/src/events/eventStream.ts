import type { Clock, EnrichedSignal, SelfCount } from '@benchlab-otel/core';
import { metric } from '@benchlab-otel/core';
import type { LineWriter } from '@benchlab-otel/wire';
import { checkedEvent, type RuntimeDiagnostics, type RuntimeEvent } from '@benchlab-otel/wire';
import { type Attributes, context, diag, isSpanContextValid, trace } from '@opentelemetry/api';
import { correlationOf, withCorrelation } from '../enrich/correlation.ts';
import type { PowerNow } from './powerNow.ts';

export interface EventStreamOptions {
  /** Absent where no stream was asked for: events then go nowhere. */
  readonly writer?: LineWriter;
  /** `component` of events that name none. */
  readonly component: string;
  readonly clock: Clock;
  readonly power: PowerNow;
  /** Fields to append. */
  readonly fields?: (signal: EnrichedSignal) => Attributes;
}

/** What a run can say while it runs. */
export interface EventRun {
  readonly correlationId: string;
  /** An event of the run's component. */
  emit(event: RuntimeEvent): void;
}

export interface EventRunOptions {
  /** A random UUID unless given. */
  readonly correlationId?: string;
  /** Of the `launch` and the `completion`. */
  readonly diagnostics?: RuntimeDiagnostics;
}

/** One line in this many ms of events that were given wrong. */
const reportEveryMs = 60_000;
/** A line that is longer is dropped. */
const longestLine = 64 * 1024;

/** Writes the events of a runtime as JSON Lines. Nothing here throws into the application or waits for the reader. */
export class EventStream {
  readonly #options: EventStreamOptions;
  /** Events that were none, or too long. */
  #refused = 0;
  #quietUntilMs = 0;

  constructor(options: EventStreamOptions) {
    this.#options = options;
  }

  /** @example telemetry.events.emit({ event: 'diagnostic', diagnostics: { missing_artifact: 'model.gguf' } }); */
  emit(event: RuntimeEvent): void {
    const { writer } = this.#options;
    if (writer === undefined) return;
    try {
      writer.push(this.#line(event));
    } catch (error) {
      this.#refused++;
      this.#report(`${error instanceof Error ? error.message : String(error)}; the event was dropped`);
    }
  }

  /**
   * Runs `work` as one run: `launch` before, `completion` after, with `diagnostics.error_type` where it threw or rejected.
   * Spans, log lines and events within carry its correlation id. Returns and throws what `work` does.
   *
   * @example await telemetry.events.run('run_inference', () => infer(prompt), { diagnostics: { kernel_variant: 'gpu-cuda' } });
   */
  run<T>(component: string, work: (run: EventRun) => T, options: EventRunOptions = {}): T {
    const { diagnostics } = options;
    return withCorrelation((correlationId) => {
      const emit = (event: RuntimeEvent): void =>
        this.emit({ ...event, component, context: { ...event.context, correlation_id: correlationId } });
      const complete = (error?: { readonly thrown: unknown }): void => {
        const failure = error && { error_type: errorType(error.thrown) };
        emit({ event: 'completion', diagnostics: { ...diagnostics, ...failure } });
      };
      emit({ event: 'launch', ...(diagnostics && { diagnostics }) });
      let result: T;
      try {
        result = work({ correlationId, emit });
      } catch (thrown) {
        complete({ thrown });
        throw thrown;
      }
      if (!(result instanceof Promise)) {
        complete();
        return result;
      }
      // What it resolves to, it still does; the type of a promise cannot be told from T.
      return result.then(
        (value: unknown) => {
          complete();
          return value;
        },
        (thrown: unknown) => {
          complete({ thrown });
          throw thrown;
        },
      ) as T;
    }, options.correlationId);
  }

  counts(): readonly SelfCount[] {
    const { writer } = this.#options;
    if (writer === undefined) return [];
    return [{ definition: metric.benchlabEventsDropped, value: this.#refused + writer.dropped }];
  }

  /** Throws what is wrong with an event that cannot be written. */
  #line(event: RuntimeEvent): string {
    const checked = checkedEvent(event, { timestamp: new Date().toISOString(), component: this.#options.component });
    if (checked === undefined) throw new TypeError('an event needs a name under `event`, at most 200 characters');
    if (checked.faults.length > 0) this.#report(`${checked.faults.join(', ')} cannot be so and was left out`);
    const line = JSON.stringify(this.#complete(checked.event), bigIntAsText);
    if (line.length > longestLine) throw new RangeError(`an event has more than ${longestLine} characters`);
    return line;
  }

  /** The run, the span and the power of this moment, and what enrichers append. What the event has itself wins. */
  #complete(event: RuntimeEvent): RuntimeEvent {
    const { power, clock, fields } = this.#options;
    const now = power.at(clock.nowNs());
    const metrics = event.metrics?.power_watts === undefined && now ? { ...event.metrics, ...now } : event.metrics;
    const ids = { ...activeIds(), ...event.context };
    const appended = fields?.({ kind: 'event', name: event.event, attributes: attributesOf(event) });
    return {
      ...event,
      ...(metrics && { metrics }),
      ...(Object.keys(ids).length > 0 && { context: ids }),
      ...(appended && Object.fromEntries(Object.entries(appended).filter(([name]) => !Object.hasOwn(event, name)))),
    };
  }

  #report(what: string): void {
    const nowMs = performance.now();
    if (nowMs < this.#quietUntilMs) return;
    this.#quietUntilMs = nowMs + reportEveryMs;
    diag.warn(`The stream of runtime events: ${what}.`);
  }
}

function activeIds(): Record<string, string> {
  const active = context.active();
  const run = correlationOf(active);
  const span = trace.getSpan(active)?.spanContext();
  return {
    ...(run && { correlation_id: run.id }),
    ...(span && isSpanContextValid(span) && { trace_id: span.traceId, span_id: span.spanId }),
  };
}

/** The fields of an event that are attributes, for who decides by them what to append. */
function attributesOf(event: RuntimeEvent): Attributes {
  const scalars = Object.entries(event).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(scalars) as Attributes; // filtered just now
}

function errorType(thrown: unknown): string {
  return (thrown instanceof Error && thrown.name) || '_OTHER';
}

function bigIntAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
