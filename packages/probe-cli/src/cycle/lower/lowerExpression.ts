import type { Expression } from '../spec/expression.ts';

/** How a language writes the parts of an expression. */
export interface Dialect {
  number(value: number): string;
  input(name: string): string;
  /** One rounded operation, written with parentheses. */
  rounded(text: string): string;
  /** Division, where the language does not divide by zero as IEEE 754 does. */
  readonly divide?: (left: string, right: string) => string;
}

/** An expression in a language. `min`, `max`, `abs` and `sqrt` are functions of the kernel, with a prefix. */
export function loweredExpression(expression: Expression, dialect: Dialect): string {
  const of = (inner: Expression) => loweredExpression(inner, dialect);
  switch (expression.kind) {
    case 'number':
      return dialect.number(expression.value);
    case 'input':
      return dialect.input(expression.name);
    case 'total':
      return 'total';
    case 'negate':
      return `(-${of(expression.of)})`;
    case 'binary': {
      const [left, right] = [of(expression.left), of(expression.right)];
      if (expression.operator === '/' && dialect.divide !== undefined) return dialect.divide(left, right);
      return dialect.rounded(`(${left} ${expression.operator} ${right})`);
    }
    case 'call':
      return `op_${expression.function}(${expression.arguments.map(of).join(', ')})`;
  }
}

/** A number as all three languages read it: the shortest text that gives it again, with a point or an exponent. */
export function numberText(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
