import { type SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { agrees, attributeFaults, type Expected, shown } from './expectedValue.ts';
import { type Candidate, editDistance, type Match, nearest } from './match.ts';
import type { RecordedSpan } from './recordedSpan.ts';

/** What a test expects of a span. A property that it leaves out may be anything. */
export interface ExpectedSpan {
  readonly name?: string | RegExp;
  readonly kind?: SpanKind;
  /** Attributes that the span must have, among others; `undefined` means that it must not have one of that name. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly status?: 'unset' | 'ok' | 'error';
  readonly statusMessage?: Expected<string> | RegExp;
  /** The name of its parent; `null` for the root of a trace. */
  readonly parent?: string | null;
  /** Names of events that it must have, among others. */
  readonly events?: readonly string[];
  /** Milliseconds; usually a matcher: `expect.closeTo(20, 0)`. */
  readonly durationMs?: Expected<number>;
  /** How many such spans there are. Default: at least one. */
  readonly times?: number;
}

const statusCodes = { unset: SpanStatusCode.UNSET, ok: SpanStatusCode.OK, error: SpanStatusCode.ERROR } as const;
const statusWords = ['unset', 'ok', 'error'] as const;

/** The spans that fit the expectation. */
export function findSpans(spans: readonly RecordedSpan[], expected: ExpectedSpan): RecordedSpan[] {
  const names = namesById(spans);
  return spans.filter((span) => faultsOf(span, expected, names).length === 0);
}

/**
 * Whether there is such a span: `toHaveSpan` without a test framework's `expect`.
 *
 * @example
 * const { pass, message } = matchSpan(telemetry.spans(), { name: 'price', parent: 'checkout' });
 * assert(pass, message());
 */
export function matchSpan(spans: readonly RecordedSpan[], expected: ExpectedSpan): Match {
  const found = findSpans(spans, expected);
  const { times } = expected;
  return {
    pass: times === undefined ? found.length > 0 : found.length === times,
    message: () => {
      const wanted = `${times === undefined ? 'a span' : `${times} spans`} ${shown(expected)}`;
      if (found.length > 0) return `Expected ${wanted}; there are ${found.length}:\n${list(found, spans)}`;
      if (spans.length === 0) return `Expected ${wanted}, but no span has ended.`;
      return `Expected ${wanted}. The ${spans.length} that were recorded differ; the nearest:\n${nearest(candidates(spans, expected))}`;
    },
  };
}

function faultsOf(span: RecordedSpan, expected: ExpectedSpan, names: ReadonlyMap<string, string>): string[] {
  const { name, kind, attributes, status, statusMessage, parent, events, durationMs } = expected;
  const faults: string[] = [];
  if (name !== undefined && !agrees(span.name, name)) faults.push(`its name is not ${shown(name)}`);
  if (kind !== undefined && span.kind !== kind) faults.push(`kind is ${span.kind}, not ${kind}`);
  if (status !== undefined && span.status.code !== statusCodes[status])
    faults.push(`status is ${statusWords[span.status.code]}, not ${status}`);
  if (statusMessage !== undefined && !agrees(span.status.message, statusMessage))
    faults.push(`its status message is ${shown(span.status.message)}, not ${shown(statusMessage)}`);
  if (parent !== undefined && parentOf(span, names) !== parent)
    faults.push(`its parent is ${shown(parentOf(span, names))}, not ${shown(parent)}`);
  if (durationMs !== undefined && !agrees(span.durationMs, durationMs))
    faults.push(`it took ${span.durationMs} ms, not ${shown(durationMs)}`);
  for (const event of events ?? []) {
    if (!span.events.some((other) => other.name === event)) faults.push(`it has no event ${shown(event)}`);
  }
  return attributes === undefined ? faults : [...faults, ...attributeFaults(span.attributes, attributes)];
}

function namesById(spans: readonly RecordedSpan[]): ReadonlyMap<string, string> {
  return new Map(spans.map(({ spanId, name }) => [spanId, name]));
}

/** A parent that has not ended, or is of another process, has no name here. */
function parentOf(span: RecordedSpan, names: ReadonlyMap<string, string>): string | null {
  if (span.parentSpanId === undefined) return null;
  return names.get(span.parentSpanId) ?? `(not recorded: ${span.parentSpanId})`;
}

/** The spans with the most similar names first. */
function candidates(spans: readonly RecordedSpan[], expected: ExpectedSpan): Candidate[] {
  const names = namesById(spans);
  const { name } = expected;
  return spans
    .map((span) => ({ span, distance: typeof name === 'string' ? editDistance(name, span.name) : 0 }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ span }) => ({ title: shown(span.name), faults: faultsOf(span, expected, names) }));
}

function list(found: readonly RecordedSpan[], spans: readonly RecordedSpan[]): string {
  const names = namesById(spans);
  return found
    .slice(0, 5)
    .map((span) => `  ${shown(span.name)} in ${shown(parentOf(span, names))} ${shown(span.attributes)}`)
    .join('\n');
}
