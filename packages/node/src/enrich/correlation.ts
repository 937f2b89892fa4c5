import { randomUUID } from 'node:crypto';
import { type Context, context, createContextKey } from '@opentelemetry/api';

/** As it stands on spans and log lines, and in the `context` of stream events. */
export const CORRELATION_ID = 'context.correlation_id';

/** One run. An object, so that what derives from it can be kept by identity. */
export interface Correlation {
  readonly id: string;
}

const key = createContextKey('benchlab-otel correlation');

/**
 * Runs `work` as one run: spans that start in it, log lines and stream events carry its id as `context.correlation_id`.
 * Metrics do not, because every run would be a series of its own; their exemplars lead to its spans.
 *
 * @param id of the run; a random UUID unless given
 * @example await withCorrelation(request.id, () => infer(request));
 */
export function withCorrelation<T>(work: (id: string) => T, id: string = randomUUID()): T {
  if (typeof id !== 'string' || id === '') throw new TypeError('withCorrelation: `id` must be a text.');
  const correlation: Correlation = { id };
  return context.with(context.active().setValue(key, correlation), () => work(id));
}

/** The run that a context belongs to. */
export function correlationOf(active: Context): Correlation | undefined {
  return active.getValue(key) as Correlation | undefined; // only `withCorrelation` has the key
}
