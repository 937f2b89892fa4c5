import { type Context, context, type Span, type SpanOptions, type Tracer } from '@opentelemetry/api';
import { ActiveSpan } from './activeSpan.ts';
import { recordFailure } from './recordFailure.ts';
import { createReport } from './report.ts';
import { apply, type Body, type Watch } from './watch.ts';

const report = createReport('spans');

/** Follows a call with a span: active in every step, ended with the call, ERROR only when it failed. */
export class SpanWatch implements Watch {
  readonly span: Span;
  /** An unsampled span is still active, so that its children are not sampled either; how it ends interests nobody. */
  readonly wantsEnd: boolean;
  readonly #parent: Context;
  readonly #active: Context;

  constructor(span: Span, parent: Context) {
    this.span = span;
    this.wantsEnd = span.isRecording();
    this.#parent = parent;
    this.#active = new ActiveSpan(parent, span);
  }

  step(body: Body, self: unknown, args: readonly unknown[]): unknown {
    // Without a `this`, a context manager need not bind.
    return context.with(this.#active, apply, undefined, body, self, args);
  }

  returned(): void {
    this.end();
  }

  end(): void {
    // A span that the application has ended itself is left alone.
    if (!this.wantsEnd || !this.span.isRecording()) return;
    try {
      this.span.end();
    } catch (error) {
      report('a span processor threw when a span ended.', error);
    }
  }

  fail(error: unknown): void {
    if (!this.wantsEnd) return;
    try {
      recordFailure(this.span, this.#parent, error);
    } catch (trouble) {
      report('an error could not be recorded.', trouble);
    }
    this.end();
  }
}

/** Starts a span, or returns nothing where the SDK cannot. */
export function startSpan(tracer: Tracer, name: string, options: SpanOptions): SpanWatch | undefined {
  try {
    const parent = context.active();
    return new SpanWatch(tracer.startSpan(name, options, parent), parent);
  } catch (error) {
    report('a sampler or span processor threw when a span started.', error);
    return undefined;
  }
}
