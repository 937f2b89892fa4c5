/** Texts that are remembered. At the bound all are forgotten, so that the names of now are found again soon. */
const maxTexts = 10_000;
/** Longer texts are hardly ever the same. */
const maxLength = 64;

/** One string for all that are equal: requests repeat the same names and keys, which are most of a span's memory. */
export class TextPool {
  readonly #texts = new Map<string, string>();

  same(text: string): string {
    if (text.length > maxLength) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= maxTexts) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}
