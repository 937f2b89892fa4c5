/** OpenTelemetry's instruments, as the registry names them. */
export type Instrument = 'counter' | 'updowncounter' | 'gauge' | 'histogram';

/** Who chose the name: the semantic conventions, one of the documents this project unites, or this project. */
type Origin = 'semconv' | 'seed' | 'benchlab';

type Stability = 'stable' | 'development';

/** One metric, defined once: whoever records, exposes, draws or alerts on it refers to this object. */
export interface MetricDefinition<A extends readonly string[] = readonly string[]> {
  /** OpenTelemetry name, dotted: `hw.power`. The Prometheus name follows by rule: `prometheusName()`. */
  readonly name: string;
  /** UCUM: `W`, `J`, `By`, `1`, `{frame}`. Empty when the name must stay as it is. */
  readonly unit: string;
  readonly instrument: Instrument;
  /** What it means, for people: one sentence. */
  readonly description: string;
  /** The attribute names its points may carry: the type says which, so that recording is checked by the compiler. */
  readonly attributes: A;
  /** Bucket bounds of a histogram, in `unit`. */
  readonly buckets?: readonly number[];
  readonly stability: Stability;
  readonly origin: Origin;
}

/** What a span or a log event must and may carry. */
interface SignalDefinition<R extends readonly string[], O extends readonly string[]> {
  /** The span's name, or the value of the log line's key `event`. */
  readonly name: string;
  /** What it means, for people. */
  readonly description: string;
  /** Attributes known when it starts, without which it is of no use. */
  readonly required: R;
  /** Attributes that it may carry besides. */
  readonly optional: O;
  readonly stability: Stability;
  readonly origin: Origin;
}

/** One kind of span, defined once. */
export interface SpanDefinition<
  R extends readonly string[] = readonly string[],
  O extends readonly string[] = readonly string[],
> extends SignalDefinition<R, O> {
  readonly kind: 'internal' | 'client';
}

/** One kind of log line that programs look for, by its key `event`. */
export interface LogEventDefinition<
  R extends readonly string[] = readonly string[],
  O extends readonly string[] = readonly string[],
> extends SignalDefinition<R, O> {
  /** The level that it is logged at. */
  readonly level: 'info' | 'warn';
}

/** One attribute of spans, points, log lines or resources, defined once. */
export interface AttributeDefinition {
  readonly name: string;
  readonly type: 'string' | 'int' | 'number' | 'boolean' | 'string[]' | 'int[]';
  readonly description: string;
  /** The values it may take, where they are a closed set. */
  readonly values?: readonly string[];
  readonly origin: Origin;
}
