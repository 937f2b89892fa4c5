import type { Expression } from './expression.ts';
import type { BackendName } from './specSchema.ts';

/** A specification that was checked: names are short words, expressions are read. */
export interface PipelineSpec {
  readonly name: string;
  readonly revision: string;
  readonly backends: readonly BackendName[];
  readonly operators: readonly Operator[];
}

export type Numbers = 'float64' | 'float32';

interface Input {
  readonly name: string;
  readonly kind: 'number' | 'vector';
}

/** One operator: for each element a result, or one result of all elements. */
export interface Operator {
  readonly name: string;
  readonly clause: string;
  readonly maturity: string;
  readonly numbers: Numbers;
  /** In the order of the file. */
  readonly inputs: readonly Input[];
  readonly expression: Expression;
  /** The first `total` of a fold. Undefined where each element has a result of its own. */
  readonly from?: number;
}
