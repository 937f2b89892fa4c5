import type { Finding } from '../findings/finding.ts';
import type { Expression, NumberExpression } from '../promql/expression.ts';
import type { Rule } from './ruleFile.ts';

/** One number that an alert compares with. */
export interface Threshold {
  readonly value: number;
  readonly operator: string;
  readonly unit: string;
  readonly means: string;
  readonly source: string;
}

/** The content of `monitoring/thresholds.json`: of each alert, its numbers in the order of its expression. */
export type Thresholds = Readonly<Record<string, readonly Threshold[]>>;

/** Where a panel that no alert compares changes its colour: one entry of the section `panels`. */
export interface PanelSteps {
  readonly unit: string;
  readonly steps: readonly { readonly value: number }[];
  readonly means: string;
  readonly source: string;
}

export const thresholdRules = [
  {
    id: 'threshold-differs',
    reason: 'Dashboards and documents show the number of thresholds.json, and the alert would fire at another one.',
  },
  { id: 'threshold-unused', reason: 'A threshold of an alert that does not exist is shown and never acts.' },
] as const;

/** Where the numbers of an alert differ from its thresholds. */
export function thresholdProblems(rule: Rule, thresholds: Thresholds): readonly Finding[] {
  const written = thresholdNumbers(rule.expression);
  const listed = thresholds[rule.name] ?? [];
  const texts = [written, listed].map((numbers) => numbers.map(({ value }) => value).join(', ') || 'none');
  if (texts[0] === texts[1]) return [];
  const message = `The numbers of ${rule.name} are ${texts[0]}, and in thresholds.json ${texts[1]}.`;
  return [
    { rule: 'threshold-differs', severity: 'error', message, fix: 'Make both the same.', file: rule.file, ...rule.at },
  ];
}

/**
 * The numbers of an expression that decide, in its order. Not 0, and 1 only where it is a limit (`> 1`): else they are states. Not
 * the operands of functions and aggregations, such as a quantile.
 */
export function thresholdNumbers(expression: Expression, isLimit = false): readonly NumberExpression[] {
  switch (expression.kind) {
    case 'number':
      return expression.value === 0 || (expression.value === 1 && !isLimit) ? [] : [expression];
    case 'string':
    case 'selector':
      return [];
    case 'range':
    case 'subquery':
    case 'negation':
      return thresholdNumbers(expression.of, isLimit);
    case 'aggregation':
    case 'call':
      return expression.operands.filter(({ kind }) => kind !== 'number').flatMap((each) => thresholdNumbers(each));
    case 'binary':
      return [expression.left, expression.right].flatMap((each) =>
        thresholdNumbers(each, /^[<>]=?$/.test(expression.operator)),
      );
  }
}
