import type { BinaryOperator, Expression, FunctionName } from './expression.ts';
import type { Numbers, Operator } from './pipelineSpec.ts';

/** Inputs of one call: of a number one value, of a vector `length` values. */
export interface CallInputs {
  readonly length: number;
  /** In the order of the operator's inputs. */
  readonly values: readonly (readonly number[])[];
}

/**
 * What the specification gives for `inputs`: the reference that kernels are compared with. Every operation is rounded to the numbers of
 * the operator. For float32 it is rounded to float64 first, which gives the same bits: 53 >= 2 x 24 + 2 (Figueroa, "When is double rounding
 * innocuous?", 1995).
 *
 * @returns one number for each element, or one number of a fold
 */
export function referenceResult(operator: Operator, { length, values }: CallInputs): readonly number[] {
  const { expression, from, inputs, numbers } = operator;
  const round = rounding(numbers);
  const at = (element: number, total: number) => {
    const byName = new Map(
      inputs.map(({ name, kind }, index) => [name, values[index]?.[kind === 'vector' ? element : 0] ?? Number.NaN]),
    );
    return evaluated(expression, byName, total, round);
  };
  const elements = Array.from({ length }, (_, element) => element);
  if (from === undefined) return elements.map((element) => at(element, Number.NaN));
  return [elements.reduce((total, element) => at(element, total), round(from))];
}

/** Rounds to the numbers of an operator. */
export function rounding(numbers: Numbers): (value: number) => number {
  return numbers === 'float32' ? Math.fround : (value) => value;
}

function evaluated(
  expression: Expression,
  inputs: ReadonlyMap<string, number>,
  total: number,
  round: (value: number) => number,
): number {
  const of = (inner: Expression) => evaluated(inner, inputs, total, round);
  switch (expression.kind) {
    case 'number':
      return round(expression.value);
    case 'input':
      return inputs.get(expression.name) ?? Number.NaN;
    case 'total':
      return total;
    case 'negate':
      return -of(expression.of);
    case 'binary':
      return round(binary[expression.operator](of(expression.left), of(expression.right)));
    case 'call': {
      const [first = Number.NaN, second = Number.NaN] = expression.arguments.map(of);
      return round(called[expression.function](first, second));
    }
  }
}

const binary: Readonly<Record<BinaryOperator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

// `min` and `max` are one comparison, as in the kernels. Math.min(1, NaN) and Math.min(0, -0) are others.
const called: Readonly<Record<FunctionName, (a: number, b: number) => number>> = {
  min(a, b) {
    if (b < a) return b;
    return a;
  },
  max(a, b) {
    if (a < b) return b;
    return a;
  },
  abs: Math.abs,
  sqrt: Math.sqrt,
};
