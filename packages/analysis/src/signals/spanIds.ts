/** Of each kept span its trace id and span id. */
export class SpanIds {
  readonly #traceIds = new Map<string, string>();
  /** Of spans whose id another trace has, too: span ids are unique in their trace only. */
  readonly #others = new Set<string>();

  has(traceId: string, spanId: string): boolean {
    const known = this.#traceIds.get(spanId);
    return known === traceId || (known !== undefined && this.#others.has(traceId + spanId));
  }

  add(traceId: string, spanId: string): void {
    if (this.#traceIds.has(spanId)) this.#others.add(traceId + spanId);
    else this.#traceIds.set(spanId, traceId);
  }
}
