import type { MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';

// What the primary and the workers of a cluster send each other, among the messages of the application.

/** The key that no message of an application has. */
const key = 'benchlab-otel.metrics';

/** The primary asks for the points of a worker. */
export interface CollectRequest {
  readonly [key]: 'collect';
  readonly id: number;
  /** Milliseconds that the answer may take. */
  readonly timeoutMs: number;
}

/** The points of a worker: an answer, or without `id` the last points before its shutdown. */
export interface CollectAnswer {
  readonly [key]: 'points';
  readonly id?: number;
  readonly points: readonly ScopeMetrics[];
}

export function requestOf(id: number, timeoutMs: number): object {
  return { [key]: 'collect', id, timeoutMs };
}

/** The request in a message; undefined for any other message. */
export function readRequest(message: unknown): Omit<CollectRequest, typeof key> | undefined {
  if (!hasKind(message, 'collect')) return undefined;
  const { id, timeoutMs } = message as Partial<CollectRequest>;
  return typeof id === 'number' && typeof timeoutMs === 'number' && timeoutMs > 0 ? { id, timeoutMs } : undefined;
}

/** As text, because the channel of a cluster makes null of NaN and of infinities. */
export function answerOf(points: readonly ScopeMetrics[], id?: number): object {
  const text = JSON.stringify(points, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value,
  );
  return { [key]: 'points', ...(id !== undefined && { id }), text };
}

/** The points in a message; undefined for any other message, and for one of another version that cannot be read. */
export function readAnswer(message: unknown): Omit<CollectAnswer, typeof key> | undefined {
  if (!hasKind(message, 'points')) return undefined;
  const { id, text } = message as { id?: unknown; text?: unknown };
  if (typeof text !== 'string') return undefined;
  try {
    const points: unknown = JSON.parse(text, (_, value: unknown) => {
      const number = (value as { number?: unknown } | null)?.number;
      return typeof number === 'string' && /^(NaN|-?Infinity)$/.test(number) ? Number(number) : value;
    });
    if (!Array.isArray(points) || !points.every(isScopeMetrics)) return undefined;
    return { points, ...(typeof id === 'number' && { id }) };
  } catch {
    return undefined;
  }
}

function hasKind(message: unknown, kind: string): boolean {
  return typeof message === 'object' && message !== null && Reflect.get(message, key) === kind;
}

function isScopeMetrics(value: unknown): value is ScopeMetrics {
  const { scope, metrics } = (value ?? {}) as Partial<ScopeMetrics>;
  return typeof scope?.name === 'string' && Array.isArray(metrics) && metrics.every(isMetric);
}

function isMetric(value: unknown): value is MetricData {
  const { descriptor, dataPoints, dataPointType } = (value ?? {}) as Partial<MetricData>;
  return typeof descriptor?.name === 'string' && Array.isArray(dataPoints) && typeof dataPointType === 'number';
}
