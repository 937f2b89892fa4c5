import { nearest } from '@benchlab-otel/core';
import { type BinaryOperator, type Expression, functions, isFunctionName, totalName } from './expression.ts';

/** Expressions within expressions: a compiler of a backend must not run out of stack either. */
const deepest = 50;
/** Numbers, names and calls of one expression. */
const mostParts = 500;
const longestShown = 20;

interface Token {
  readonly kind: 'number' | 'name' | 'sign' | 'end';
  readonly text: string;
  /** Counted from 1. */
  readonly at: number;
}

/** The names that an expression may use. */
export interface Scope {
  readonly inputs: readonly string[];
  readonly isFold: boolean;
}

/**
 * Reads `a * x + max(y, 0)`: + - * / with the usual precedence, from left to right, - in front, parentheses, and the functions of `functions`.
 *
 * @throws Error that states the position and what may stand there
 */
export function parseExpression(text: string, scope: Scope): Expression {
  const tokens = tokensOf(text);
  let next = 0;
  let parts = 0;
  const here = (): Token => tokens[next] ?? { kind: 'end', text: '', at: text.length + 1 };
  const taken = (...signs: readonly string[]): string | undefined => {
    const { kind, text: sign } = here();
    if (kind !== 'sign' || !signs.includes(sign)) return undefined;
    next++;
    return sign;
  };
  const wrong = (allowed: string): Error => {
    const { kind, text: found, at } = here();
    const what = kind === 'end' ? 'ends' : `has ${JSON.stringify(found.slice(0, longestShown))}`;
    return new Error(`it ${what} at character ${at}, where ${allowed} must stand`);
  };

  const chain = (signs: readonly BinaryOperator[], operand: (depth: number) => Expression, depth: number) => {
    let left = operand(depth);
    for (let sign = taken(...signs); sign !== undefined; sign = taken(...signs)) {
      const operator = sign as BinaryOperator; // one of `signs`
      left = counted({ kind: 'binary', operator, left, right: operand(depth) });
    }
    return left;
  };
  const sum = (depth: number): Expression => {
    if (depth > deepest) throw new Error(`it is nested deeper than ${deepest} levels`);
    return chain(['+', '-'], product, depth);
  };
  const product = (depth: number): Expression => chain(['*', '/'], signed, depth);
  const signed = (depth: number): Expression => {
    if (depth > deepest) throw new Error(`it is nested deeper than ${deepest} levels`);
    return taken('-') === undefined ? primary(depth) : counted({ kind: 'negate', of: signed(depth + 1) });
  };
  const primary = (depth: number): Expression => {
    const { kind, text: found } = here();
    if (kind === 'number') {
      next++;
      return counted({ kind: 'number', value: numberOf(found) });
    }
    if (kind === 'name') return named(found, depth);
    if (taken('(') === undefined) throw wrong('a number, an input, a function or (');
    const inner = sum(depth + 1);
    if (taken(')') === undefined) throw wrong(')');
    return inner;
  };
  const named = (name: string, depth: number): Expression => {
    next++;
    if (taken('(') !== undefined) return call(name, depth);
    if (name === totalName && scope.isFold) return counted({ kind: 'total' });
    if (scope.inputs.includes(name)) return counted({ kind: 'input', name });
    const known = [...scope.inputs, ...(scope.isFold ? [totalName] : [])];
    const [near] = nearest(name, known, 1);
    throw new Error(`it has "${name}", which is not an input${near === undefined ? '' : ` (${near} is one)`}`);
  };
  const call = (name: string, depth: number): Expression => {
    if (!isFunctionName(name)) {
      const known = Object.keys(functions);
      throw new Error(`it calls "${name}". The functions are ${known.join(', ')}`);
    }
    const given = [sum(depth + 1)];
    while (taken(',') !== undefined) given.push(sum(depth + 1));
    if (taken(')') === undefined) throw wrong(', or )');
    const wanted = functions[name];
    if (given.length !== wanted) throw new Error(`${name}() takes ${wanted} arguments, and has ${given.length}`);
    return counted({ kind: 'call', function: name, arguments: given });
  };
  const counted = (expression: Expression): Expression => {
    parts++;
    if (parts > mostParts) throw new Error(`it has more than ${mostParts} parts`);
    return expression;
  };

  const whole = sum(0);
  if (here().kind !== 'end') throw wrong('+, -, *, / or the end');
  return whole;
}

function tokensOf(text: string): readonly Token[] {
  const pattern = /\s+|((?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|([-+*/(),])/y;
  const tokens: Token[] = [];
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex + 1;
    const found = pattern.exec(text);
    if (found === null) {
      const [character = ''] = text.slice(at - 1);
      throw new Error(`it has ${JSON.stringify(character)} at character ${at}, which has no meaning`);
    }
    const [, number, name, sign] = found;
    if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    if (name !== undefined) tokens.push({ kind: 'name', text: name, at });
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at });
  }
  return tokens;
}

function numberOf(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new Error(`${text.slice(0, longestShown)} is beyond the largest number, ${Number.MAX_VALUE}`);
}
