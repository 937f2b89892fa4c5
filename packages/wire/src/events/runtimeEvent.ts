/** What happened: these three, or another word. */
export type RuntimeEventName = 'launch' | 'completion' | 'diagnostic' | (string & {});

/** One event of the runtime stream. Other fields than these survive as they are. */
export interface RuntimeEvent {
  readonly event: RuntimeEventName;
  /** UTC, ISO 8601. Now unless given. */
  readonly timestamp?: string;
  /** Who says it: a module, a command. The service's name unless given. */
  readonly component?: string;
  readonly metrics?: RuntimeMetrics;
  readonly diagnostics?: RuntimeDiagnostics;
  readonly context?: RuntimeContext;
  readonly [field: string]: unknown;
}

/** Numbers by name. */
export interface RuntimeMetrics {
  /** Smoothed over the latest window: see `TokenRate`. */
  readonly tokens_per_second?: number;
  /** Power of the bench now, where a meter measures it: filled in. */
  readonly power_watts?: number;
  /** True where `power_watts` comes from emulated hardware. */
  readonly power_simulated?: boolean;
  readonly [name: string]: number | boolean | undefined;
}

export interface RuntimeDiagnostics {
  /** Kernel family in use: `cpu-avx512`, `gpu-cuda`. */
  readonly kernel_variant?: string;
  /** What was needed and is not there. */
  readonly missing_artifact?: string;
  /** Class of the error that a completion ended with: a completion without one is a success. */
  readonly error_type?: string;
  readonly [name: string]: unknown;
}

export interface RuntimeContext {
  /** The run that it belongs to: the one of `withCorrelation()` unless given. */
  readonly correlation_id?: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly [name: string]: unknown;
}

/** An event as it is written, and what was wrong with it as it was given. */
export interface CheckedEvent {
  readonly event: RuntimeEvent;
  readonly faults: readonly string[];
}

const longestWord = 200;

/**
 * An event that the schema accepts, from what callers without types may give: a field that cannot be is left out and
 * named in `faults`. Undefined where there is no event name, without which an event says nothing.
 */
export function checkedEvent(
  given: unknown,
  defaults: { timestamp: string; component: string },
): CheckedEvent | undefined {
  if (!isObject(given) || !isWord(given.event)) return undefined;
  const faults: string[] = [];
  const { event, timestamp, component, metrics, diagnostics, context, ...others } = given;
  const keep = <T>(name: string, value: unknown, is: (value: unknown) => value is T): T | undefined => {
    if (value === undefined) return undefined;
    if (is(value)) return value;
    faults.push(name);
    return undefined;
  };
  const sections = {
    metrics: numbers(keep('metrics', metrics, isObject), faults),
    diagnostics: words(keep('diagnostics', diagnostics, isObject), 'diagnostics', diagnosticWords, faults),
    context: words(keep('context', context, isObject), 'context', contextWords, faults),
  };
  return {
    event: {
      timestamp: keep('timestamp', timestamp, isTimestamp) ?? defaults.timestamp,
      component: keep('component', component, isWord) ?? defaults.component,
      event,
      ...Object.fromEntries(Object.entries(sections).filter(([, section]) => section !== undefined)),
      ...others,
    },
    faults,
  };
}

const diagnosticWords = ['kernel_variant', 'missing_artifact', 'error_type'];
const contextWords = ['correlation_id', 'trace_id', 'span_id'];

/** Of the metrics those that are numbers or claims: NaN and infinities have no form in JSON. */
function numbers(metrics: Record<string, unknown> | undefined, faults: string[]): Record<string, unknown> | undefined {
  return withoutBad(metrics, 'metrics', faults, (_name, value) => Number.isFinite(value) || typeof value === 'boolean');
}

function words(
  section: Record<string, unknown> | undefined,
  sectionName: string,
  names: readonly string[],
  faults: string[],
): Record<string, unknown> | undefined {
  return withoutBad(section, sectionName, faults, (name, value) => !names.includes(name) || isWord(value));
}

function withoutBad(
  section: Record<string, unknown> | undefined,
  sectionName: string,
  faults: string[],
  isGood: (name: string, value: unknown) => boolean,
): Record<string, unknown> | undefined {
  if (section === undefined) return undefined;
  const good = Object.entries(section).filter(([name, value]) => {
    if (value === undefined) return false;
    if (!isGood(name, value)) faults.push(`${sectionName}.${name}`.slice(0, longestWord));
    return isGood(name, value);
  });
  return good.length === 0 ? undefined : Object.fromEntries(good);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestWord;
}

/** As the schema has it: UTC, with a Z. */
function isTimestamp(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}
