import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { duration } from './duration.ts';
import type { Aggregation, Expression, Label, Matcher, Matching } from './expression.ts';
import { treeOf } from './treeOf.ts';

export type ParsedPromql =
  | { readonly expression: Expression }
  | { readonly error: { readonly message: string; readonly from: number; readonly to: number } };

/** Longest expression that is read, in characters. The longest of public mixins has about 3000. */
const maxLength = 20_000;
/** Levels of an expression. */
const maxDepth = 100;

/**
 * Parses an expression with the grammar of Prometheus' own editor. Never throws; the first error is reported. Variables of
 * Grafana must be replaced before.
 *
 * @example parsePromql('rate(up[5m])') // { expression: { kind: 'call', name: 'rate', … } }
 */
export function parsePromql(text: string): ParsedPromql {
  if (text.length > maxLength) return failure(`The expression has more than ${maxLength} characters.`, 0, text.length);
  const tooDeep = (from: number, to: number) =>
    failure(`The expression is nested more than ${maxDepth} levels deep.`, from, to);
  const tree = treeOf(parser, text);
  if (tree === undefined) return tooDeep(0, text.length);
  let depth = 0;
  let fault: ParsedPromql | undefined;
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (fault !== undefined) return false;
      if (type.isError) fault = failure(errorAt(text, from, to), from, Math.max(to, from));
      else if (++depth > maxDepth) fault = tooDeep(from, to);
      return fault === undefined;
    },
    leave: () => void depth--,
  });
  if (fault !== undefined) return fault;
  const top = tree.topNode.firstChild;
  if (top === null) return failure('The expression is empty.', 0, text.length);
  try {
    return { expression: new Builder(text).expression(top) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return failure(error.message, error.from, error.to);
  }
}

function failure(message: string, from: number, to: number): ParsedPromql {
  return { error: { message, from, to } };
}

function errorAt(text: string, from: number, to: number): string {
  const found = text.slice(from, Math.max(to, from + 1)).trim();
  if (from >= text.trimEnd().length) return 'The expression ends too early.';
  return `"${(found === '' ? text.slice(from).trim() : found).slice(0, 30)}" does not belong here.`;
}

/** What the grammar accepts and Prometheus does not. */
class Unreadable extends Error {
  readonly from: number;
  readonly to: number;

  constructor(message: string, { from, to }: { from: number; to: number }) {
    super(message);
    this.from = from;
    this.to = to;
  }
}

class Builder {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  expression(node: SyntaxNode): Expression {
    const { from, to } = node;
    switch (node.name) {
      case 'NumberDurationLiteral':
        return { kind: 'number', value: this.#number(node), from, to };
      case 'StringLiteral':
        return { kind: 'string', value: this.#string(node), from, to };
      case 'VectorSelector':
        return this.#selector(node);
      case 'ParenExpr':
        return this.#first(node);
      case 'BinaryExpr':
      case 'StepInvariantExpr':
      case 'AnchoredExpr':
      case 'SmoothedExpr':
      case 'OffsetExpr':
      case 'MatrixSelector':
      case 'SubqueryExpr':
        return climbed(this.#chain(node));
      case 'UnaryExpr': {
        const of = this.#first(node);
        if (this.#written(node.firstChild ?? node) !== '-') return of;
        return of.kind === 'number' ? { ...of, value: -of.value, from, to } : { kind: 'negation', of, from, to };
      }
      case 'FunctionCall': {
        const name = this.#written(node.getChild('FunctionIdentifier') ?? node);
        return { kind: 'call', name, operands: this.#operands(node), from, to };
      }
      case 'AggregateExpr':
        return this.#aggregation(node);
      default:
        throw new Unreadable(`"${this.#written(node).slice(0, 30)}" cannot be read.`, node);
    }
  }

  #first(node: SyntaxNode): Expression {
    const [child] = expressionsIn(node);
    if (child === undefined) throw new Unreadable('An operand is missing.', node);
    return this.expression(child);
  }

  #operands(node: SyntaxNode): readonly Expression[] {
    const body = node.getChild('FunctionCallBody');
    return body === null ? [] : expressionsIn(body).map((each) => this.expression(each));
  }

  #selector(node: SyntaxNode): Expression {
    const identifier = node.getChild('Identifier');
    const inBraces = node.getChild('LabelMatchers');
    const written = inBraces === null ? [] : children(inBraces);
    const matchers = written.flatMap((each) => this.#matcher(each) ?? []);
    const quoted = written.find(({ name }) => name === 'QuotedLabelName');
    const named = matchers.find(({ label, operator }) => label === '__name__' && operator === '=');
    const name =
      identifier !== null ? this.#written(identifier) : quoted !== undefined ? this.#string(quoted) : named?.value;
    const nameAt = identifier ?? quoted ?? named;
    return {
      kind: 'selector',
      ...(name === undefined || nameAt === undefined ? {} : { name, nameAt: { from: nameAt.from, to: nameAt.to } }),
      matchers: matchers.filter((each) => each !== named),
      hasOffset: false,
      from: node.from,
      to: node.to,
    };
  }

  #matcher(node: SyntaxNode): Matcher | undefined {
    if (node.name !== 'UnquotedLabelMatcher' && node.name !== 'QuotedLabelMatcher') return undefined;
    const [label, operator, value] = children(node);
    if (label === undefined || operator === undefined || value === undefined) return undefined;
    return {
      label: label.name === 'QuotedLabelName' ? this.#string(label) : this.#written(label),
      operator: this.#written(operator) as Matcher['operator'],
      value: this.#string(value),
      from: node.from,
      to: node.to,
    };
  }

  #aggregation(node: SyntaxNode): Aggregation {
    const modifier = node.getChild('AggregateModifier');
    const grouping =
      modifier === null
        ? undefined
        : { keeps: modifier.getChild('By') !== null, labels: this.#labels(modifier.getChild('GroupingLabels')) };
    return {
      kind: 'aggregation',
      operator: this.#written(node.getChild('AggregateOp') ?? node).toLowerCase(),
      ...(grouping === undefined ? {} : { grouping }),
      operands: this.#operands(node),
      from: node.from,
      to: node.to,
    };
  }

  /**
   * Operands and operators in the order of the text. The grammar takes `a and b offset 5m` for `(a and b) offset 5m`, where
   * Prometheus binds offset, @ and brackets to b alone: so what stands behind is put on the last operand.
   */
  #chain(node: SyntaxNode): Chain {
    const [left, right] = expressionsIn(node);
    if (left === undefined) throw new Unreadable('An operand is missing.', node);
    if (node.name !== 'BinaryExpr') {
      const chain = this.#below(left);
      const last = chain.operands.at(-1) as Expression;
      return { ...chain, operands: [...chain.operands.slice(0, -1), postfixed(last, node)] };
    }
    if (right === undefined) throw new Unreadable('An operand is missing.', node);
    const sign = children(node).find((each) => each.from >= left.to && each !== right);
    const clause = node.getChild('MatchingModifierClause');
    const between: Operator = {
      operator: this.#written(sign ?? node).toLowerCase(),
      ...(clause === null ? {} : { matching: this.#matching(clause) }),
    };
    const [before, after] = [this.#below(left), this.#below(right)];
    return {
      operands: [...before.operands, ...after.operands],
      operators: [...before.operators, between, ...after.operators],
    };
  }

  #below(node: SyntaxNode): Chain {
    return chained.has(node.name) ? this.#chain(node) : { operands: [this.expression(node)], operators: [] };
  }

  #matching(node: SyntaxNode): Matching {
    const [labels, included] = node.getChildren('GroupingLabels');
    const isLeft = node.getChild('GroupLeft') !== null;
    const isGrouped = isLeft || node.getChild('GroupRight') !== null;
    return {
      isOn: node.getChild('On') !== null,
      labels: this.#labels(labels ?? null),
      ...(isGrouped ? { group: isLeft ? ('left' as const) : ('right' as const) } : {}),
      included: this.#labels(included ?? null),
      from: node.from,
      to: node.to,
    };
  }

  #labels(node: SyntaxNode | null): readonly Label[] {
    if (node === null) return [];
    return children(node)
      .filter(({ name }) => name === 'LabelName' || name === 'QuotedLabelName')
      .map((each) => ({
        name: each.name === 'QuotedLabelName' ? this.#string(each) : this.#written(each),
        from: each.from,
        to: each.to,
      }));
  }

  #number(node: SyntaxNode): number {
    const written = this.#written(node).toLowerCase().replaceAll('_', '');
    if (/^[-+]?inf/.test(written)) return written.startsWith('-') ? -Infinity : Infinity;
    const value = Number(written);
    return Number.isNaN(value) ? (duration(written) ?? Number.NaN) : value;
  }

  /** Without its quotes, escapes resolved. In backquotes nothing is an escape. */
  #string(node: SyntaxNode): string {
    const written = this.#written(node);
    const inner = written.slice(1, -1);
    if (written.startsWith('`')) return inner;
    return inner.replace(/\\(.)/g, (_, character: string) => ({ n: '\n', t: '\t', r: '\r' })[character] ?? character);
  }

  #written({ from, to }: { from: number; to: number }): string {
    return this.#text.slice(from, to);
  }
}

function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
}

/** Nodes that the grammar groups as expressions. */
function expressionsIn(node: SyntaxNode): SyntaxNode[] {
  return children(node).filter(({ type }) => type.is('Expr'));
}

interface Operator {
  readonly operator: string;
  readonly matching?: Matching;
}

interface Chain {
  /** At least one. */
  readonly operands: readonly Expression[];
  /** One less. */
  readonly operators: readonly Operator[];
}

const chained = new Set([
  'BinaryExpr',
  'StepInvariantExpr',
  'AnchoredExpr',
  'SmoothedExpr',
  'OffsetExpr',
  'MatrixSelector',
  'SubqueryExpr',
]);

/** An operand with what stands behind it: `offset 5m`, `[5m]`. */
function postfixed(operand: Expression, { name, to }: SyntaxNode): Expression {
  const { from } = operand;
  if (name === 'MatrixSelector') return { kind: 'range', of: operand, from, to };
  if (name === 'SubqueryExpr') return { kind: 'subquery', of: operand, from, to };
  if (name !== 'OffsetExpr') return operand;
  if (operand.kind === 'selector') return { ...operand, hasOffset: true };
  if (operand.kind === 'range' && operand.of.kind === 'selector') {
    return { ...operand, of: { ...operand.of, hasOffset: true } };
  }
  return operand;
}

/** Source: prometheus.io/docs/prometheus/latest/querying/operators, "Binary operator precedence". */
const precedence: Readonly<Record<string, number>> = { or: 1, and: 2, unless: 2, '+': 4, '-': 4, '^': 6 };
const comparison = /^([<>]=?|[!=]=|[<>]\/)$/;

function strengthOf(operator: string): number {
  return precedence[operator] ?? (comparison.test(operator) ? 3 : 5);
}

/** A chain as a tree: stronger operators first, equal ones from left to right, `^` from right to left. */
function climbed({ operands, operators }: Chain): Expression {
  let index = 0;
  const climb = (least: number): Expression => {
    let left = operands[index] as Expression;
    for (;;) {
      const next = operators[index];
      if (next === undefined || strengthOf(next.operator) < least) return left;
      const strength = strengthOf(next.operator);
      index++;
      const right = climb(next.operator === '^' ? strength : strength + 1);
      left = { kind: 'binary', ...next, left, right, from: left.from, to: right.to };
    }
  };
  return climb(0);
}
