/** A comparison with a number: `>= 3`. */
export interface NumberTest {
  readonly comparison: '<' | '<=' | '>' | '>=' | '==';
  readonly limit: number;
}

/** How a comparison is written, as the end of "must be …". */
export const numberTestGrammar =
  'a comparison with a number, like ">= 3", "< 0.5" or "== 0", or a number, which means equal';

/** The texts that `parseNumberTest` reads. */
export const numberTestPattern: RegExp = /^\s*(<=|>=|==|<|>)?\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*$/;

/** Reads `>= 3`; a number alone means equal. Undefined for other texts. */
export function parseNumberTest(given: string | number): NumberTest | undefined {
  if (typeof given === 'number') return Number.isFinite(given) ? { comparison: '==', limit: given } : undefined;
  const match = numberTestPattern.exec(given);
  const limit = Number(match?.[2] ?? Number.NaN);
  if (match === null || !Number.isFinite(limit)) return undefined;
  return { comparison: (match[1] ?? '==') as NumberTest['comparison'], limit }; // one of the five of the pattern
}

/** Whether a number meets the comparison. NaN meets no comparison. */
export function meets(value: number, { comparison, limit }: NumberTest): boolean {
  switch (comparison) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
  }
}

/** Whether a count may only be 0: `== 0`, `< 1`, `<= 0`. */
export function forbids(test: NumberTest): boolean {
  return meets(0, test) && !meets(1, test) && test.comparison !== '>' && test.comparison !== '>=';
}

/** Whether a count that meets it still does when it grows. */
export function onlyLower({ comparison }: NumberTest): boolean {
  return comparison === '>' || comparison === '>=';
}

export function numberTestText({ comparison, limit }: NumberTest): string {
  return `${comparison} ${limit}`;
}
