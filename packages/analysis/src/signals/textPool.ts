/** Texts that are remembered. At the bound all are forgotten, so that the names of now are found again soon. */
const maxTexts = 10_000;
/** Longer texts are hardly ever the same. */
const maxLength = 64;

/** One string for all that are equal: requests repeat the same names and keys, which are most of a span's memory. */
export class TextPool {
  readonly #texts = new Map<string, string>();
  #traceId = '';

  /** Trace ids are new all the time, and the spans of a trace come one after the other: the last one is remembered. */
  sameTraceId(traceId: string): string {
    if (traceId !== this.#traceId) this.#traceId = traceId;
    return this.#traceId;
  }

  same(text: string): string {
    if (text.length > maxLength) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= maxTexts) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}
