import type { AttributeName, SpanDefinition, Vocabulary } from '@benchlab-otel/core';
import { type Span, SpanKind, type SpanOptions } from '@opentelemetry/api';
import { currentTracer } from '../api/scope.ts';
import { withSpan } from '../api/withSpan.ts';
import { checkCall } from '../call/optionChecks.ts';
import { provenanceLink } from './provenance.ts';
import { countFault } from './recordFaults.ts';
import { type RequiredAndOptional, signalCheck } from './signalCheck.ts';

/**
 * Runs `fn` in a span of a registry, as `withSpan` does. The compiler wants the required attributes and accepts only
 * those of the definition. At run time a wrong attribute is left out or corrected, counted in `benchlab.record.faults`
 * and reported through `diag`.
 *
 * A span whose definition requires `provenance.id` judges the work of another span, and is linked to that span. Without
 * a valid id it is marked with `provenance.missing`, so that checks of traces and alerts find it. When `fn` fails, the
 * `code` of its error becomes `error.code`, next to `error.type`.
 *
 * @throws OptionError in development, when `fn` is not a function.
 * @example
 * await withSpanOf(spans.verifyRun, { 'verify.tool': 'cbmc', 'provenance.id': artefact.provenance }, () => check(artefact));
 */
export function withSpanOf<
  const R extends readonly string[],
  const O extends readonly string[],
  T,
  V extends Vocabulary = Vocabulary,
>(
  definition: SpanDefinition<R, O, V>,
  attributes: RequiredAndOptional<NoInfer<R>, NoInfer<O>, NoInfer<V>>,
  fn: (span: Span) => T,
): T {
  checkCall('withSpanOf', definition.name, undefined, () => ({}), fn);
  if (currentTracer() === undefined) return withSpan(definition.name, fn);
  return withSpan(definition.name, optionsOf(definition, attributes), (span) => noteErrorCode(span, () => fn(span)));
}

const provenance = 'provenance.id' satisfies AttributeName;
const provenanceMissing = 'provenance.missing' satisfies AttributeName;
const errorCode = 'error.code' satisfies AttributeName;
const maxCodeLength = 128;

function optionsOf(definition: SpanDefinition, given: unknown): SpanOptions {
  const check = signalCheck(definition);
  const attributes = check.attributes(given);
  const kind = definition.kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL;
  if (!definition.required.includes(provenance)) return { kind, attributes };
  const link = provenanceLink(attributes[provenance]);
  if (link !== undefined) return { kind, attributes, links: [link] };
  delete attributes[provenance];
  attributes[provenanceMissing] = true;
  check.report(`its '${provenance}' does not name a span, so the work that it judges cannot be traced.`);
  countFault('missing_provenance');
  return { kind, attributes };
}

function noteErrorCode<T>(span: Span, run: () => T): T {
  const note = (error: unknown): void => {
    const code = codeOf(error);
    if (code !== undefined) span.setAttribute(errorCode, code);
  };
  try {
    const result = run();
    // This reaction is added before the one that ends the span, so it runs first. The rejection itself reaches the caller.
    if (result instanceof Promise) result.then(undefined, note);
    return result;
  } catch (error) {
    note(error);
    throw error;
  }
}

/** `ENOENT`, `E1042`, 127: the code of the error. Anything may be thrown, also an object that throws when it is read. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  try {
    const code: unknown = Reflect.get(error, 'code');
    if (typeof code !== 'string' && typeof code !== 'number') return undefined;
    return String(code).slice(0, maxCodeLength);
  } catch {
    return undefined;
  }
}
