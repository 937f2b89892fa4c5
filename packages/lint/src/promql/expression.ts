/** A PromQL expression as a tree. `from` and `to` are offsets into the text that was parsed. */
export type Expression =
  | NumberExpression
  | StringExpression
  | Selector
  | RangeSelector
  | Subquery
  | Aggregation
  | Call
  | Binary
  | Negation;

interface Span {
  readonly from: number;
  readonly to: number;
}

export interface NumberExpression extends Span {
  readonly kind: 'number';
  readonly value: number;
}

interface StringExpression extends Span {
  readonly kind: 'string';
  readonly value: string;
}

/** The series of a name, or of labels alone. */
export interface Selector extends Span {
  readonly kind: 'selector';
  readonly name?: string;
  /** Where the name is written: before the braces, or in them. */
  readonly nameAt?: Span;
  readonly matchers: readonly Matcher[];
  /** `offset 1d`: values of an earlier time. */
  readonly hasOffset: boolean;
}

export interface Matcher extends Span {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

interface RangeSelector extends Span {
  readonly kind: 'range';
  readonly of: Expression;
}

interface Subquery extends Span {
  readonly kind: 'subquery';
  readonly of: Expression;
}

export interface Aggregation extends Span {
  readonly kind: 'aggregation';
  /** `sum`, `topk` … */
  readonly operator: string;
  readonly grouping?: { readonly keeps: boolean; readonly labels: readonly Label[] };
  /** The parameter of `topk`, `quantile` …, then the vector. */
  readonly operands: readonly Expression[];
}

export interface Label extends Span {
  readonly name: string;
}

export interface Call extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly operands: readonly Expression[];
}

export interface Binary extends Span {
  readonly kind: 'binary';
  /** `+`, `>=`, `and` … */
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
  readonly matching?: Matching;
}

export interface Matching extends Span {
  readonly isOn: boolean;
  readonly labels: readonly Label[];
  readonly group?: 'left' | 'right';
  readonly included: readonly Label[];
}

interface Negation extends Span {
  readonly kind: 'negation';
  readonly of: Expression;
}

/** The expressions directly below one, from left to right. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return [];
    case 'range':
    case 'subquery':
    case 'negation':
      return [expression.of];
    case 'aggregation':
    case 'call':
      return expression.operands;
    case 'binary':
      return [expression.left, expression.right];
  }
}

/** An expression within another one, with what it is inside of: the innermost last. */
export interface Part {
  readonly expression: Expression;
  readonly inside: readonly Expression[];
}

/** An expression and all below it, from left to right. */
export function walk(expression: Expression): readonly Part[] {
  const parts: Part[] = [];
  const visit = (each: Expression, inside: readonly Expression[]) => {
    parts.push({ expression: each, inside });
    const operands = operandsOf(each);
    if (operands.length === 0) return;
    const below = [...inside, each];
    for (const operand of operands) visit(operand, below);
  };
  visit(expression, []);
  return parts;
}

/** Every selector of an expression. */
export function selectorsOf(expression: Expression): readonly Selector[] {
  return selectorsIn(walk(expression));
}

/** The selectors among the parts of an expression. */
export function selectorsIn(parts: readonly Part[]): readonly Selector[] {
  return parts.flatMap(({ expression }) => (expression.kind === 'selector' ? [expression] : []));
}
