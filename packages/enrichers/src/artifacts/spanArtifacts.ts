import type { EndedSpan } from '@benchlab-otel/core';
import { attribute } from '@benchlab-otel/core';
import { type Attributes, type Span, trace } from '@opentelemetry/api';
import { BoundedMap } from '../cpu/boundedMap.ts';
import type { StoredArtifact } from './storeObject.ts';

/** Spans whose artifacts are remembered until they end. */
const maxSpans = 10_000;
/** Of one span: what further ones are named is left out. */
const maxNamed = 32;
/** Less than a span is held back for its enrichers (5 s), ms. */
const waitMs = 4_000;

/** What is known of the artifacts of one span. */
class OfSpan {
  readonly #stored: (StoredArtifact & { readonly name: string })[] = [];
  #waiting = 0;
  #isMissing = false;
  #isCut = false;
  #settled: (() => void) | undefined;

  begun(): void {
    this.#waiting += 1;
  }

  done(name: string, artifact: StoredArtifact | undefined): void {
    this.#waiting -= 1;
    if (artifact === undefined) this.#isMissing = true;
    else if (this.#stored.length < maxNamed) this.#stored.push({ ...artifact, name });
    this.#isCut ||= artifact?.isCut === true;
    if (this.#waiting === 0) this.#settled?.();
  }

  /** Once all are stored, or after some seconds. */
  async attributes(): Promise<Attributes> {
    if (this.#waiting > 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#settled = resolve;
        timer = setTimeout(resolve, waitMs);
      });
      clearTimeout(timer);
    }
    const stored = this.#stored;
    return {
      [attribute.artifactStored]: this.#waiting === 0 && !this.#isMissing,
      ...(this.#isCut && { [attribute.artifactCut]: true }),
      ...(stored.length > 0 && {
        [attribute.artifactNames]: stored.map(({ name }) => name),
        [attribute.artifactHashes]: stored.map(({ sha256 }) => sha256),
        [attribute.artifactSizes]: stored.map(({ sizeBytes }) => sizeBytes),
      }),
    };
  }
}

/** The artifacts of spans that have not ended. */
export class SpanArtifacts {
  readonly #spans = new BoundedMap<OfSpan>(maxSpans);

  /** An artifact of a span begins to be stored. The returned function takes what became of it. */
  begin(name: string, span: Span | undefined = trace.getActiveSpan()): (artifact: StoredArtifact | undefined) => void {
    if (span?.isRecording() !== true) return () => {};
    const key = keyOf(span.spanContext());
    const ofSpan = this.#spans.get(key) ?? new OfSpan();
    this.#spans.set(key, ofSpan);
    ofSpan.begun();
    return (artifact) => ofSpan.done(name, artifact);
  }

  /** Undefined for a span without artifacts. */
  ended(span: EndedSpan): Promise<Attributes> | undefined {
    const key = keyOf(span);
    const ofSpan = this.#spans.get(key);
    this.#spans.delete(key);
    return ofSpan?.attributes();
  }
}

function keyOf({ traceId, spanId }: { readonly traceId: string; readonly spanId: string }): string {
  return traceId + spanId;
}
