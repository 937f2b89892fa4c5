import type { ReceivedSpan } from '../signals/decodeSpans.ts';

/** Levels above a span that are followed. What arrives may be a ring. */
const maxLevels = 1_000;

/** Received spans by their ids, for questions about the spans above. */
export class SpanTree {
  readonly #byId: ReadonlyMap<string, ReceivedSpan>;

  constructor(spans: readonly ReceivedSpan[]) {
    this.#byId = new Map(spans.map((span) => [keyOf(span.traceId, span.spanId), span]));
  }

  at(traceId: string | undefined, spanId: string | undefined): ReceivedSpan | undefined {
    return traceId === undefined || spanId === undefined ? undefined : this.#byId.get(keyOf(traceId, spanId));
  }

  /** The span right above; `root` where there is not one; `absent` where it did not arrive. */
  above({ traceId, parentSpanId }: ReceivedSpan): ReceivedSpan | 'root' | 'absent' {
    if (parentSpanId === undefined) return 'root';
    return this.at(traceId, parentSpanId) ?? 'absent';
  }

  /** Whether the span itself or one above it has the name. */
  isWithin(span: ReceivedSpan, name: string): boolean {
    let here: ReceivedSpan | 'root' | 'absent' = span;
    for (let level = 0; level < maxLevels && typeof here === 'object'; level++) {
      if (here.name === name) return true;
      here = this.above(here);
    }
    return false;
  }
}

function keyOf(traceId: string, spanId: string): string {
  return `${traceId}-${spanId}`;
}
