const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A value of a page: a decimal number, `+Inf`, `-Inf` or `NaN`, in upper or lower case. Undefined for anything else. */
export function pageNumber(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  if (/^\+?inf(?:inity)?$/i.test(text)) return Infinity;
  if (/^-inf(?:inity)?$/i.test(text)) return -Infinity;
  return /^nan$/i.test(text) ? Number.NaN : undefined;
}
