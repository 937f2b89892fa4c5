/** OpenTelemetry's instruments, as the registry names them. */
export type Instrument = 'counter' | 'updowncounter' | 'gauge' | 'histogram';

/** One metric, defined once: whoever records, exposes, draws or alerts on it refers to this object. */
export interface MetricDefinition {
  /** OpenTelemetry name, dotted: `hw.power`. The Prometheus name follows by rule: `prometheusName()`. */
  readonly name: string;
  /** UCUM: `W`, `J`, `By`, `1`, `{frame}`. Empty when the name must stay as it is. */
  readonly unit: string;
  readonly instrument: Instrument;
  /** What it means, for people: one sentence. */
  readonly description: string;
  /** The attribute names its points may carry. */
  readonly attributes: readonly string[];
  /** Bucket bounds of a histogram, in `unit`. */
  readonly buckets?: readonly number[];
  readonly stability: 'stable' | 'development';
  /** Who chose the name: the semantic conventions, one of the documents this project unites, or this project. */
  readonly origin: 'semconv' | 'seed' | 'benchlab';
}

/** One attribute of spans, points or resources, defined once. */
export interface AttributeDefinition {
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean';
  readonly description: string;
  /** The values it may take, where they are a closed set. */
  readonly values?: readonly string[];
  readonly origin: 'semconv' | 'seed' | 'benchlab';
}
