/** What happened: one of these three, or another word. */
export type RuntimeEventName = 'launch' | 'completion' | 'diagnostic' | (string & {});

/** One event of the runtime stream. Other fields than these are kept as they are. */
export interface RuntimeEvent {
  readonly event: RuntimeEventName;
  /** UTC, ISO 8601. Default: now. */
  readonly timestamp?: string;
  /** The module or command that emits it. Default: the service's name. */
  readonly component?: string;
  readonly metrics?: RuntimeMetrics;
  readonly diagnostics?: RuntimeDiagnostics;
  readonly context?: RuntimeContext;
  readonly [field: string]: unknown;
}

/** Numbers by name. */
export interface RuntimeMetrics {
  /** Tokens per second over a window of some seconds, up to now. The caller that emits the event computes it. */
  readonly tokens_per_second?: number;
  /** Power of the bench now, W. Filled in while a meter measures it. */
  readonly power_watts?: number;
  /** True when `power_watts` or `energy_joules` comes from emulated hardware. */
  readonly power_simulated?: boolean;
  /** Energy of the whole bench for the run that completes, J. `power_simulated` holds for it too. */
  readonly energy_joules?: number;
  readonly [name: string]: number | boolean | undefined;
}

/** What is known of the cause or the result of an event. */
export interface RuntimeDiagnostics {
  /** Kernel family in use: `cpu-avx512`, `gpu-cuda`. */
  readonly kernel_variant?: string;
  /** An artifact that was needed and is missing. */
  readonly missing_artifact?: string;
  /** Class of the error that a completion ended with. A completion without it is a success. */
  readonly error_type?: string;
  readonly [name: string]: unknown;
}

/** What an event belongs to: a run, a trace, a span. */
export interface RuntimeContext {
  /** The run that the event belongs to. Default: the run of `withCorrelation()`. */
  readonly correlation_id?: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly [name: string]: unknown;
}

/** An event as it is written, with the fields that every line has. */
export interface WrittenEvent extends RuntimeEvent {
  readonly timestamp: string;
  readonly component: string;
}
