import { context, INVALID_SPAN_CONTEXT, type Span, type SpanOptions, trace } from '@opentelemetry/api';
import { isGenerator, watchGenerator } from '../call/generator.ts';
import { run } from '../call/run.ts';
import { startSpan } from '../call/spanWatch.ts';
import { apply, type Body } from '../call/watch.ts';
import { wrongOption } from '../call/wrongOption.ts';
import { currentTracer } from './scope.ts';

/**
 * Runs `fn` now, in a span that is active while it runs and ends when its work ends: at its return, when the promise
 * that it returns settles, or when the generator that it returns is finished. The caller gets what `fn` returns or
 * throws. A throw or rejection of anything sets the status to ERROR with `error.type`; success leaves it unset.
 *
 * @throws OptionError when `fn` is not a function.
 * @example const total = await withSpan('cart.total', async (span) => { span.setAttribute('cart.items', 3); return sum(); });
 */
export function withSpan<R>(name: string, fn: (span: Span) => R): R;
/** With a kind, attributes, links, or as a new root: the options of the OpenTelemetry API. */
export function withSpan<R>(name: string, options: SpanOptions, fn: (span: Span) => R): R;
export function withSpan<R>(name: string, second: SpanOptions | ((span: Span) => R), third?: (span: Span) => R): R {
  const options = typeof second === 'function' ? {} : second;
  const fn = typeof second === 'function' ? second : third;
  if (typeof fn !== 'function') throw wrongOption(`withSpan('${name}')`, 'fn', fn, 'a function');
  const tracer = currentTracer();
  const watch = tracer && startSpan(tracer, name, options, {});
  if (watch === undefined) return fn(noSpan());
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
