/**
 * What a kernel reads and writes, in all languages: words with white space between them. First the number of calls; of each call the
 * number of elements, then the inputs in their order, of a number one value and of a vector all. For each call it writes one line of
 * results. A value is the bits of a float64 as 16 hexadecimal digits, so that nothing is rounded on the way; a result that is not a
 * number is `nan`, with any bits.
 */
export const longestVector = 1024;
export const mostCalls = 1000;

const nan = 'nan';

/** One value as a kernel reads it. */
export function valueText(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
}

/** One result as a kernel writes it. */
export function resultText(value: number): string {
  return Number.isNaN(value) ? nan : valueText(value);
}

/** The number of a result, for people. Undefined for what no kernel may write. */
export function resultNumber(text: string): number | undefined {
  if (text === nan) return Number.NaN;
  return /^[0-9a-f]{16}$/.test(text) ? Buffer.from(text, 'hex').readDoubleBE() : undefined;
}
