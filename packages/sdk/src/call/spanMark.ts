import { type AttributeName, createReport, type Report } from '@benchlab-otel/core';
import type { Attributes, Link, Span, SpanKind, SpanOptions } from '@opentelemetry/api';
import { currentTracer } from '../api/scope.ts';
import { bound, type CapturedAttributes } from './capture.ts';
import { type ExpectedError, expects } from './expected.ts';
import { markedOf } from './marked.ts';
import type { Mark } from './methodMark.ts';
import {
  aFlag,
  aFunction,
  aKind,
  aText,
  attributesOrFunction,
  type OptionChecks,
  spanLinks,
  textOrFunction,
} from './optionChecks.ts';
import type { NameOf } from './owner.ts';
import { type Selected, selectAttributes, selectName } from './selector.ts';
import { shared } from './shared.ts';
import { startSpan } from './spanWatch.ts';
import type { Body } from './watch.ts';
import { watched } from './wrapper.ts';

const functionNameKey = 'code.function.name' satisfies AttributeName;

/**
 * The options of the spans of one function. `A` are the parameters of the selectors: those of the function, or fewer.
 * `R` is what the function returns, or its promise resolves with. Only what a selector returns is captured, and only
 * while the span is recording; it is bounded in number, depth and length, and a text that looks like a secret is masked.
 */
export interface SpanConfig<A extends readonly unknown[] = unknown[], R = unknown> {
  /** The span's name, or a function that makes it from the arguments (few different ones). Default: `Class.method`. */
  readonly name?: Selected<A, string>;
  /** Default: INTERNAL. */
  readonly kind?: SpanKind;
  /** On every span, or made from the arguments. */
  readonly attributes?: Attributes | ((...args: A) => CapturedAttributes | undefined);
  /** Made from the result; generators, streams and observables have none. */
  readonly result?: (result: R) => CapturedAttributes | undefined;
  readonly links?: readonly Link[];
  /** Starts a new trace. */
  readonly root?: boolean;
  readonly expected?: ExpectedError;
  /** `code.function.name`, where a bundler shortens names. Default: `Class.method`, or the name of the function. */
  readonly functionName?: string;
}

/** The options of spans, for a mark that checks them. */
export const spanOptions = (): OptionChecks<SpanConfig> => ({
  name: textOrFunction,
  kind: aKind,
  attributes: attributesOrFunction,
  result: aFunction,
  links: spanLinks,
  root: aFlag,
  expected: aFunction,
  functionName: aText,
});

const spanned = /* @__PURE__ */ shared('spanned', new WeakSet<object>());

/** True for a function that a span mark has made: it needs no second span. */
export function hasSpan(fn: object): boolean {
  return spanned.has(fn);
}

/** Makes functions whose calls are spans. `given` are checked options, or a text: the name. */
export function spanMark(given: unknown): Mark {
  const config = (typeof given === 'string' ? { name: given } : (given ?? {})) as SpanConfig;
  return (body, nameOf) => {
    const wrapper = makeSpans(config, body, nameOf);
    spanned.add(wrapper);
    return wrapper;
  };
}

function makeSpans(config: SpanConfig, body: Body, nameOf: NameOf): Body {
  const report = createReport(`span of ${body.name || 'an anonymous function'}`);
  const options = toOptions(config);
  const { name, attributes, result } = config;
  const marked = markedOf(body);
  const settings = {
    isExpected: expects(config.expected, marked.expected, report),
    onResult: result && ((span: Span, value: unknown) => capture(result, span, undefined, [value], report)),
  };
  return watched(body, marked, currentTracer, (tracer, self, args) => {
    const functionName = config.functionName ?? nameOf(self);
    const spanName = typeof name === 'function' ? selectName(name, self, args, report) : name;
    const watch = startSpan(tracer, spanName ?? functionName, options, settings);
    if (watch?.wantsEnd !== true) return watch;
    // Set after the start: no sampler uses it, and copying it twice more would be a tenth of the cost of a span.
    watch.span.setAttribute(functionNameKey, functionName);
    if (typeof attributes === 'function') capture(attributes, watch.span, self, args, report);
    return watch;
  });
}

type AttributeSelector = (...args: never[]) => CapturedAttributes | undefined;

function capture(selector: AttributeSelector, span: Span, self: unknown, args: readonly unknown[], report: Report) {
  const selected = selectAttributes(selector, self, args, report);
  if (selected === undefined) return;
  try {
    span.setAttributes(bound(selected));
  } catch (error) {
    report('attributes could not be read.', error);
  }
}

/** The options of the API, made once for all calls. */
function toOptions({ kind, links, root, attributes }: SpanConfig): SpanOptions {
  const fixed = typeof attributes === 'function' ? undefined : attributes && { ...attributes };
  // An SDK treats an undefined option as one that is left out.
  return { kind, links: links && [...links], root, attributes: fixed } as SpanOptions;
}
