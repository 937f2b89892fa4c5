/**
 * The first `length` UTF-16 code units of a text. A longer text is copied, because V8 makes `slice` a reference to the
 * whole text, which would then stay in memory. A surrogate pair that the cut divides becomes U+FFFD.
 */
export function cutText(text: string, length: number): string {
  return text.length <= length ? text : Buffer.from(text.slice(0, length)).toString();
}
