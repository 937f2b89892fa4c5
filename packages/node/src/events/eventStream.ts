import { type Clock, createReport, type EnrichedSignal, messageOf, metric, type SelfCount } from '@benchlab-otel/core';
import { type RunEnd, runToEnd } from '@benchlab-otel/sdk';
import {
  checkedEvent,
  formatRuntimeEvent,
  type LineWriter,
  type RuntimeDiagnostics,
  type RuntimeEvent,
  type WrittenEvent,
} from '@benchlab-otel/wire';
import { type Attributes, context, isSpanContextValid, trace } from '@opentelemetry/api';
import { correlationOf, withCorrelation } from '../enrich/correlation.ts';
import type { PowerNow } from './powerNow.ts';

export interface EventStreamOptions {
  /** Absent when the application wants no stream: events are then not written. */
  readonly writer?: LineWriter;
  /** `component` of events that have none. */
  readonly component: string;
  readonly clock: Clock;
  readonly power: PowerNow;
  /** Fields to append. */
  readonly fields?: (signal: EnrichedSignal) => Attributes;
  /** The event as it may be written. */
  readonly redact?: (event: WrittenEvent) => WrittenEvent;
}

/** What the work of a run uses while it runs. */
export interface EventRun {
  readonly correlationId: string;
  /** An event of the run's component. */
  emit(event: RuntimeEvent): void;
}

export interface EventRunOptions {
  /** Default: a random UUID. */
  readonly correlationId?: string;
  /** Diagnostics of the `launch` and of the `completion`. */
  readonly diagnostics?: RuntimeDiagnostics;
}

/** Writes the events of a runtime as JSON Lines. It neither throws into the application nor waits for a reader. */
export class EventStream {
  readonly #options: EventStreamOptions;
  /** Events without a name, or too long. */
  #refused = 0;
  readonly #report = createReport('the stream of runtime events');

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
      this.#report(`an event was dropped: ${messageOf(error)}`);
    }
  }

  /**
   * Runs `work` as one run: `launch` before, `completion` after, with `diagnostics.error_type` where it threw or rejected.
   * It ends with its promise, stream, generator or observable, as a span would. Spans, log lines and events within carry its correlation id. Returns and throws what `work` does.
   *
   * @example await telemetry.events.run('run_inference', () => infer(prompt), { diagnostics: { kernel_variant: 'gpu-cuda' } });
   */
  run<T>(component: string, work: (run: EventRun) => T, options: EventRunOptions = {}): T {
    const { diagnostics } = options;
    return withCorrelation((correlationId) => {
      const emit = (event: RuntimeEvent): void =>
        this.emit({ ...event, component, context: { ...event.context, correlation_id: correlationId } });
      const complete = ({ failure, closedBy }: RunEnd): void => {
        const how = {
          ...(failure && { error_type: errorType(failure.thrown) }),
          ...(closedBy && { closed_by: closedBy }),
        };
        emit({ event: 'completion', diagnostics: { ...diagnostics, ...how } });
      };
      emit({ event: 'launch', ...(diagnostics && { diagnostics }) });
      return runToEnd(() => work({ correlationId, emit }), complete);
    }, options.correlationId);
  }

  counts(): readonly SelfCount[] {
    const { writer } = this.#options;
    if (writer === undefined) return [];
    return [{ definition: metric.benchlabEventsDropped, value: this.#refused + writer.dropped }];
  }

  /** Throws the reason for which an event cannot be written. */
  #line(event: RuntimeEvent): string {
    const checked = checkedEvent(event, { timestamp: new Date().toISOString(), component: this.#options.component });
    if (checked === undefined) throw new TypeError('it needs a name under `event`, of at most 200 characters.');
    if (checked.faults.length > 0) this.#report(`${checked.faults.join(', ')} has a wrong value and was left out.`);
    const complete = this.#complete(checked.event);
    return formatRuntimeEvent(this.#options.redact?.(complete) ?? complete);
  }

  /** Adds the run, the span and the power of this moment, and what enrichers append. Fields of the event win. */
  #complete(event: WrittenEvent): WrittenEvent {
    const { power, clock, fields } = this.#options;
    const now = power.at(clock.nowNs());
    const metrics = event.metrics?.power_watts === undefined && now ? { ...event.metrics, ...now } : event.metrics;
    const ids = { ...activeIds(), ...event.context };
    const appended = fields?.({ kind: 'event', name: event.event, attributes: attributesOf(event) });
    const entries = Object.entries(appended ?? {});
    const found = entries.filter(([name]) => name.startsWith(ofDiagnostics));
    const diagnostics = Object.fromEntries(found.map(([name, value]) => [name.slice(ofDiagnostics.length), value]));
    const others = entries.filter(([name]) => !name.startsWith(ofDiagnostics) && !Object.hasOwn(event, name));
    return {
      ...event,
      ...(metrics && { metrics }),
      ...(found.length > 0 && { diagnostics: { ...diagnostics, ...event.diagnostics } }),
      ...(Object.keys(ids).length > 0 && { context: ids }),
      ...Object.fromEntries(others),
    };
  }
}

/** Enrichers append flat fields: those of this prefix go into `diagnostics`. */
const ofDiagnostics = 'diagnostics.';

function activeIds(): Record<string, string> {
  const active = context.active();
  const run = correlationOf(active);
  const span = trace.getSpan(active)?.spanContext();
  return {
    ...(run && { correlation_id: run.id }),
    ...(span && isSpanContextValid(span) && { trace_id: span.traceId, span_id: span.spanId }),
  };
}

/** The fields of an event that can be attributes, for enrichers that decide by them what to append. */
function attributesOf(event: RuntimeEvent): Attributes {
  const scalars = Object.entries(event).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(scalars) as Attributes; // filtered just now
}

function errorType(thrown: unknown): string {
  return (thrown instanceof Error && thrown.name) || '_OTHER';
}
