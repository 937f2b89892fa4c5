import type { Expression } from './expression.ts';
import { aggregations, type PromqlType, promqlFunctions } from './functions.ts';

/** A mistake at one place of an expression. */
export interface PromqlProblem {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

/** What an expression gives, and where operands have the wrong type or number. Prometheus refuses each of these. */
export function typeOf(expression: Expression): {
  readonly type: PromqlType;
  readonly problems: readonly PromqlProblem[];
} {
  const problems: PromqlProblem[] = [];
  const type = visit(expression, problems);
  return { type, problems };
}

function visit(expression: Expression, problems: PromqlProblem[]): PromqlType {
  const report = (message: string, { from, to }: { from: number; to: number } = expression) =>
    void problems.push({ message, from, to });
  const expectType = (operand: Expression, wanted: readonly PromqlType[], of: string) => {
    const type = visit(operand, problems);
    if (!wanted.includes(type)) report(`${of} takes ${words(wanted)}, and this is ${names[type]}.`, operand);
    return type;
  };
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
      if (expression.name === undefined && expression.matchers.every(matchesEmpty)) {
        report('The selector matches every series: it needs a name or a matcher that does not match the empty string.');
      }
      for (const matcher of expression.matchers.filter(isBadPattern)) {
        report(`"${matcher.value.slice(0, 60)}" is not a regular expression.`, matcher);
      }
      return 'vector';
    case 'range':
      if (expression.of.kind !== 'selector')
        report('A range in brackets follows a selector; of an expression it is a subquery, [5m:].');
      visit(expression.of, problems);
      return 'range';
    case 'subquery':
      expectType(expression.of, ['vector'], 'A subquery');
      return 'range';
    case 'negation':
      return expectType(expression.of, ['vector', 'scalar'], 'The sign');
    case 'aggregation': {
      const { parameter } = aggregations.get(expression.operator) ?? {};
      const wanted: readonly PromqlType[] = parameter === undefined ? ['vector'] : [parameter, 'vector'];
      if (expression.operands.length !== wanted.length) {
        report(`${expression.operator} takes ${counted(wanted.length)}, and has ${expression.operands.length}.`);
      }
      expression.operands.forEach((operand, index) => {
        expectType(operand, [wanted[index] ?? 'vector'], expression.operator);
      });
      return 'vector';
    }
    case 'call': {
      const fn = promqlFunctions.get(expression.name);
      if (fn === undefined) {
        report(`There is no function ${expression.name}.`);
        return 'vector';
      }
      const most = fn.optional === 'many' ? Infinity : fn.takes.length;
      const least = fn.takes.length - (fn.optional === 'many' ? 1 : (fn.optional ?? 0));
      const count = expression.operands.length;
      if (count < least || count > most)
        report(`${expression.name} takes ${counted(fn.takes.length)}, and has ${count}.`);
      expression.operands.forEach((operand, index) => {
        expectType(operand, [fn.takes[Math.min(index, fn.takes.length - 1)] ?? 'vector'], expression.name);
      });
      const pattern = expression.name === 'label_replace' ? expression.operands[4] : undefined;
      if (pattern?.kind === 'string' && isBadPattern({ operator: '=~', value: pattern.value })) {
        report(`"${pattern.value.slice(0, 60)}" is not a regular expression.`, pattern);
      }
      return fn.gives;
    }
    case 'binary': {
      const isSet = /^(and|or|unless)$/.test(expression.operator);
      const wanted: readonly PromqlType[] = isSet ? ['vector'] : ['vector', 'scalar'];
      const types = [expression.left, expression.right].map((operand) =>
        expectType(operand, wanted, expression.operator),
      );
      return types.includes('vector') ? 'vector' : 'scalar';
    }
  }
}

function matchesEmpty({ operator, value }: { readonly operator: string; readonly value: string }): boolean {
  if (operator === '=') return value === '';
  if (operator === '!=') return value !== '';
  try {
    return new RegExp(`^(?:${value})$`).test('') === (operator === '=~');
  } catch {
    // RE2 knows forms that JavaScript does not.
    return false;
  }
}

/** Only what no engine reads: RE2 knows forms in `(?` and `[[:` that JavaScript does not. */
function isBadPattern({ operator, value }: { readonly operator: string; readonly value: string }): boolean {
  if (!operator.endsWith('~') || /\(\?|\[\[:|\\[QEpPzAC]/.test(value)) return false;
  try {
    new RegExp(value);
    return false;
  } catch {
    return true;
  }
}

const names: Readonly<Record<PromqlType, string>> = {
  scalar: 'a number',
  string: 'a string',
  vector: 'an instant vector',
  range: 'a range vector',
};

function words(types: readonly PromqlType[]): string {
  return types.map((type) => names[type]).join(' or ');
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'operand' : 'operands'}`;
}
