import type { Operator } from '../spec/pipelineSpec.ts';

/** The operator with a defect that a verification must find: each result is one more. */
export function broken(operator: Operator): Operator {
  const one = { kind: 'number', value: 1 } as const;
  return { ...operator, expression: { kind: 'binary', operator: '+', left: operator.expression, right: one } };
}
