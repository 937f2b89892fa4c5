import { type AttributeName, createReport } from '@benchlab-otel/core';
import { type Context, context, type Span, type SpanOptions, type Tracer } from '@opentelemetry/api';
import { ActiveSpan } from './activeSpan.ts';
import { recordFailure } from './recordFailure.ts';
import { apply, type Body, type ClosedBy, type Watch } from './watch.ts';

const closedByKey = 'benchlab.call.closed_by' satisfies AttributeName;
const report = createReport('spans');

/** The settings that a mark gives to the watches of one function. None of the functions throws. */
export interface SpanSettings {
  /** True for an error that is not a failure. */
  readonly isExpected?: ((error: unknown) => boolean) | undefined;
  readonly onResult?: ((span: Span, result: unknown) => void) | undefined;
}

/** Follows a call with a span: active in every step, ended with the call, ERROR only when it failed. */
export class SpanWatch implements Watch {
  readonly span: Span;
  /** False for an unsampled span: it is active, so that its children are not sampled either, but its end is not used. */
  readonly wantsEnd: boolean;
  readonly #parent: Context;
  readonly #active: Context;
  readonly #settings: SpanSettings;

  constructor(span: Span, parent: Context, settings: SpanSettings) {
    this.span = span;
    this.wantsEnd = span.isRecording();
    this.#parent = parent;
    this.#active = new ActiveSpan(parent, span);
    this.#settings = settings;
  }

  step(body: Body, self: unknown, args: readonly unknown[]): unknown {
    // Without a `this`, a context manager does not have to bind.
    return context.with(this.#active, apply, undefined, body, self, args);
  }

  returned(result: unknown): void {
    if (this.wantsEnd) this.#settings.onResult?.(this.span, result);
    this.end();
  }

  end(): void {
    // A span that the application has ended itself is not ended again.
    if (!this.wantsEnd || !this.span.isRecording()) return;
    try {
      this.span.end();
    } catch (error) {
      report('a span could not be ended.', error);
    }
  }

  close(by: ClosedBy): void {
    if (this.wantsEnd) this.span.setAttribute(closedByKey, by);
    this.end();
  }

  fail(error: unknown): void {
    if (!this.wantsEnd) return;
    try {
      if (this.#settings.isExpected?.(error) !== true) {
        recordFailure(this.span, { parent: this.#parent, active: this.#active }, error);
      }
    } catch (trouble) {
      report('an error could not be recorded.', trouble);
    }
    this.end();
  }
}

/** Starts a span, or returns undefined when the SDK throws. */
export function startSpan(
  tracer: Tracer,
  name: string,
  options: SpanOptions | undefined,
  settings: SpanSettings,
): SpanWatch | undefined {
  try {
    const parent = context.active();
    return new SpanWatch(tracer.startSpan(name, options, parent), parent, settings);
  } catch (error) {
    report('a span could not be started.', error);
    return undefined;
  }
}
