import { randomUUID } from 'node:crypto';
import { textOption } from '@benchlab-otel/core';
import { type Context, context, createContextKey } from '@opentelemetry/api';

/** The attribute of spans and log lines, which is also in the `context` of stream events. */
export const correlationIdName = 'context.correlation_id';

/** One run. An object, so that loggers of it can be remembered by its identity. */
export interface Correlation {
  readonly id: string;
}

const key = createContextKey('benchlab-otel correlation');

/**
 * Runs `work` as one run: spans that start in it, log lines and stream events carry its id as `context.correlation_id`.
 * Metrics do not, because each run would be a series of its own. Their exemplars lead to the spans of the run.
 *
 * @param id of the run; a random UUID unless given
 * @throws OptionError when `id` is not a text
 * @example await withCorrelation(request.id, () => infer(request));
 */
export function withCorrelation<T>(work: (id: string) => T, id: string = randomUUID()): T {
  textOption('id', id);
  const correlation: Correlation = { id };
  return context.with(context.active().setValue(key, correlation), () => work(id));
}

/** The run that a context belongs to. */
export function correlationOf(active: Context): Correlation | undefined {
  return active.getValue(key) as Correlation | undefined; // only `withCorrelation` sets it
}
