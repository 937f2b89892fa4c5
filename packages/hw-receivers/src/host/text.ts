/**
 * The complete lines of a text. What follows the last line feed was cut off, and a number in it may lack digits: it is left
 * out, and `isCut` is true.
 */
export function completeLines(text: string): { readonly lines: readonly string[]; readonly isCut: boolean } {
  const lines = text.split('\n');
  const rest = lines.pop();
  return { lines, isCut: rest !== '' };
}

/** A decimal whole number that JavaScript holds exactly, or undefined. */
export function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A whole number of at least zero: a counter, a size. */
export function count(text: string | undefined): number | undefined {
  const value = wholeNumber(text);
  return value !== undefined && value >= 0 ? value : undefined;
}

/** Half of the range of 64 bits: what is above it is a number below zero, or all ones. */
const counterEnd = 2 ** 63;

/**
 * A counter of 64 bits. Above 2^53 it is rounded, by less than a part in 10^15: bytes of a fast interface get there in months.
 */
export function counter(text: string | undefined): number | undefined {
  const value = text !== undefined && /^\d{1,19}$/.test(text) ? Number(text) : counterEnd;
  return value < counterEnd ? value : undefined;
}

/** A decimal number such as `4.80`, not below zero. */
export function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}
