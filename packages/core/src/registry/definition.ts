/** OpenTelemetry's instruments, as the registry names them. */
export type Instrument = 'counter' | 'updowncounter' | 'gauge' | 'histogram';

/** Where the name comes from: the semantic conventions, one of the documents this project unites, or this project. */
type Origin = 'semconv' | 'seed' | 'benchlab';

type Stability = 'stable' | 'development';

/** What an attribute is, apart from its name. */
export interface AttributeDetail {
  readonly type: 'string' | 'int' | 'number' | 'boolean' | 'string[]' | 'int[]';
  readonly description: string;
  /** The values it may have, where they are a closed set. */
  readonly values?: readonly string[];
  readonly origin: Origin;
}

/** One attribute of spans, points, log lines or resources, defined once. */
export interface AttributeDefinition extends AttributeDetail {
  readonly name: string;
}

/** Attributes by name: `{ 'host.kind': { type: 'string', values: ['online', 'offline'], … } }`. */
export type Vocabulary = Readonly<Record<string, AttributeDetail>>;

/**
 * One metric, defined once: code that records, exposes, draws or alerts on it refers to this object.
 * `A` are the names of its attributes, `V` is what defines those that the core does not have.
 */
export interface MetricDefinition<A extends readonly string[] = readonly string[], V extends Vocabulary = Vocabulary> {
  /** OpenTelemetry name, dotted: `hw.power`. The Prometheus name follows by rule: `prometheusName()`. */
  readonly name: string;
  /** UCUM: `W`, `J`, `By`, `1`, `{frame}`. Empty when the name must stay as it is. */
  readonly unit: string;
  readonly instrument: Instrument;
  /** What it means, for people: one sentence. */
  readonly description: string;
  /** The attribute names its points may carry: the type lists them, so that the compiler checks what is recorded. */
  readonly attributes: A;
  /** Defines the attributes that are not in the core's registry. A name that neither has may be any scalar. */
  readonly vocabulary?: V;
  /** Bucket bounds of a histogram, in `unit`. */
  readonly buckets?: readonly number[];
  readonly stability: Stability;
  readonly origin: Origin;
}

/** What a span or a log event must and may carry. */
interface SignalDefinition<R extends readonly string[], O extends readonly string[], V extends Vocabulary> {
  /** The span's name, or the value of the log line's key `event`. */
  readonly name: string;
  /** What it means, for people. */
  readonly description: string;
  /** Attributes that are known when it starts and without which it is of no use. */
  readonly required: R;
  /** Attributes that it may carry besides. */
  readonly optional: O;
  /** Defines the attributes that are not in the core's registry. A name that neither has may be any scalar. */
  readonly vocabulary?: V;
  readonly stability: Stability;
  readonly origin: Origin;
}

/** One kind of span, defined once. */
export interface SpanDefinition<
  R extends readonly string[] = readonly string[],
  O extends readonly string[] = readonly string[],
  V extends Vocabulary = Vocabulary,
> extends SignalDefinition<R, O, V> {
  readonly kind: 'internal' | 'client';
}

/** One kind of log line that programs look for, by its key `event`. */
export interface LogEventDefinition<
  R extends readonly string[] = readonly string[],
  O extends readonly string[] = readonly string[],
  V extends Vocabulary = Vocabulary,
> extends SignalDefinition<R, O, V> {
  /** The level that it is logged at. */
  readonly level: 'info' | 'warn';
}
