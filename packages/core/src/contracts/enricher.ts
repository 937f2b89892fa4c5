import type { Attributes, Context, Span, SpanKind } from '@opentelemetry/api';
import type { SelfCount } from './selfCount.ts';

/**
 * Adds attributes to signals. Every hook is optional; enrichers run in the order given; an attribute that the
 * application set itself wins over an enricher's. A hook that throws is reported once and, after repeated failures,
 * its enricher is disabled, as one that takes too long each time; the application never notices. Of what a hook returns,
 * 64 attributes are taken, and of each 128 characters of the name, 1,024 of a text and 32 of a list.
 */
export interface Enricher {
  /** As it appears in reports: `span-energy`. */
  readonly name: string;
  /**
   * The kinds of signal that `fields` is for; all unless set. It is not asked for others, and they cost nothing: with an
   * enricher for metrics, each point of a metric has to be looked at.
   */
  readonly signals?: readonly EnrichedSignal['kind'][];
  /**
   * Whether `fields` returns the same for every signal as long as the process runs. It is asked once for each kind, with
   * an empty name and no attributes, and its fields cost nothing for each value of a metric.
   */
  readonly isConstant?: boolean;
  /**
   * Read once at start: attributes of everything this process emits. The start waits for a promise for a second, and goes
   * on without its attributes then.
   */
  resource?(): Attributes | Promise<Attributes>;
  /** A span started; its attributes may be set here. Runs inside the application's call: be quick. */
  spanStarted?(span: Span, context: Context, started: StartedSpan): void;
  /**
   * A span ended. Returns attributes that are known only now, or a little later; they are put on the exported span. While
   * a promise is pending, the span is held back from its exporter: within a bound, after which it is exported without.
   *
   * @param later for enrichers that hold many spans, at less cost than a promise for each: call it, return undefined, and
   *   call its result once with the attributes. Absent where the caller knows promises only.
   */
  spanEnded?(span: EndedSpan, later?: () => SpanAnswer): Attributes | undefined | Promise<Attributes | undefined>;
  /**
   * Returns fields, not a promise, to append to a log line, an event of the stream or a point of a metric. A field that
   * the signal has itself wins. Fields of points are labels: keep the number of their values small.
   */
  fields?(signal: EnrichedSignal): Attributes;
  /** What it has dropped so far: read at each collection of metrics. */
  counts?(): readonly SelfCount[];
  /**
   * The telemetry is shut down, and no span is left to answer: removes timers, listeners and handles. A later telemetry
   * may use the enricher again.
   */
  shutdown?(): void | Promise<void>;
}

/** Takes the attributes of one ended span. Only the first call counts. */
export type SpanAnswer = (attributes: Attributes | undefined) => void;

/** A signal that fields may be appended to. */
export interface EnrichedSignal {
  readonly kind: 'span' | 'log' | 'event' | 'metric';
  /** The name of the span, the log event, the stream event or the metric; empty for a log line without `event`. */
  readonly name: string;
  /** The attributes that the application gave it. */
  readonly attributes: Readonly<Attributes>;
}

/** The life of a span so far, as enrichers see it: the same shape in the application and in the probe. */
export interface StartedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** The parent, where it is a span of this process (or, in the probe, of this run). */
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** CLOCK_MONOTONIC, ns. */
  readonly startNs: number;
}

/** A span that has ended, as enrichers see it. */
export interface EndedSpan extends StartedSpan {
  /** CLOCK_MONOTONIC, ns. */
  readonly endNs: number;
  /** The greatest error of `startNs` and of `endNs`, ns: 0 in the same process, the clock bracket between two processes. */
  readonly uncertaintyNs: number;
  readonly attributes: Attributes;
}
