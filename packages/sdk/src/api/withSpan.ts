import { context, INVALID_SPAN_CONTEXT, type Span, type SpanOptions, trace } from '@opentelemetry/api';
import { isGenerator, watchGenerator } from '../call/generator.ts';
import { aFlag, aKind, aTime, attributesOnly, checkCall, type OptionChecks, spanLinks } from '../call/optionChecks.ts';
import { run } from '../call/run.ts';
import { startSpan } from '../call/spanWatch.ts';
import { apply, type Body } from '../call/watch.ts';
import { currentTracer } from './scope.ts';

const apiOptions = (): OptionChecks<SpanOptions> => ({
  kind: aKind,
  attributes: attributesOnly,
  links: spanLinks,
  startTime: aTime,
  root: aFlag,
});

/**
 * Runs `fn` now, in a span that is active while it runs and ends when its work ends: at its return, when the promise
 * that it returns settles, or when the generator that it returns is finished. The caller gets what `fn` returns or
 * throws. A throw or rejection of anything sets the status to ERROR with `error.type`; success leaves it unset.
 *
 * @throws OptionError in development, when the name, an option or `fn` is wrong.
 * @example const total = await withSpan('cart.total', async (span) => { span.setAttribute('cart.items', 3); return sum(); });
 */
export function withSpan<R>(name: string, fn: (span: Span) => R): R;
/** With a kind, attributes, links, or as a new root: the options of the OpenTelemetry API. */
export function withSpan<R>(name: string, options: SpanOptions, fn: (span: Span) => R): R;
export function withSpan<R>(name: string, second: SpanOptions | ((span: Span) => R), third?: (span: Span) => R): R {
  const isPlain = typeof second === 'function';
  const fn = isPlain ? second : third;
  checkCall('withSpan', name, isPlain ? undefined : second, apiOptions, fn);
  const tracer = currentTracer();
  const watch = tracer && startSpan(tracer, name, isPlain ? undefined : second, {});
  if (watch === undefined) return (fn as (span: Span) => R)(noSpan());
  const body = fn as unknown as Body;
  if (!isGenerator(body)) return run(watch, body, undefined, [watch.span]) as R;
  const generator = apply(body, undefined, [watch.span]);
  watchGenerator(generator, () => watch);
  return generator as R;
}

/** Records nothing; continues the trace that this process was called in, as the API does without an SDK. */
function noSpan(): Span {
  return trace.wrapSpanContext(trace.getSpanContext(context.active()) ?? INVALID_SPAN_CONTEXT);
}
