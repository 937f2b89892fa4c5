/** What an operator computes for one element. A tree of bounded depth: see `parseExpression`. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  /** An input; of a vector its element. */
  | { readonly kind: 'input'; readonly name: string }
  /** What a fold has so far. */
  | { readonly kind: 'total' }
  | { readonly kind: 'negate'; readonly of: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly function: FunctionName; readonly arguments: readonly Expression[] };

export type BinaryOperator = '+' | '-' | '*' | '/';

/** How many arguments each function takes. All are exact, or rounded once (IEEE 754-2019, 5.4.1): every backend gives the same bits. */
export const functions = { min: 2, max: 2, abs: 1, sqrt: 1 } as const;

export type FunctionName = keyof typeof functions;

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(functions, name);
}

/** The word for what a fold has so far. No input may have it. */
export const totalName = 'total';
