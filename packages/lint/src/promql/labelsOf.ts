import type { Binary, Call, Expression, Selector } from './expression.ts';
import type { SeriesCatalogue } from './seriesCatalogue.ts';

/** The labels that the series of an expression may have. */
export interface LabelSet {
  readonly names: ReadonlySet<string>;
  /** There may be others: a series is not known. */
  readonly isOpen: boolean;
}

const none: LabelSet = { names: new Set(), isOpen: false };

/** Follows the labels from the selectors upward, by the rules of Prometheus' operators and functions. */
export function labelsOf(expression: Expression, catalogue: SeriesCatalogue): LabelSet {
  switch (expression.kind) {
    case 'number':
    case 'string':
      return none;
    case 'selector':
      return ofSelector(expression, catalogue);
    case 'range':
    case 'subquery':
    case 'negation':
      return labelsOf(expression.of, catalogue);
    case 'aggregation': {
      const of = labelsOf(expression.operands.at(-1) ?? expression, catalogue);
      if (/^(topk|bottomk|limitk|limit_ratio)$/.test(expression.operator)) return of;
      const [parameter] = expression.operands;
      const counted = expression.operator === 'count_values' && parameter?.kind === 'string' ? [parameter.value] : [];
      if (expression.grouping === undefined) return { names: new Set(counted), isOpen: false };
      const labels = expression.grouping.labels.map(({ name }) => name);
      if (!expression.grouping.keeps) return without(of, labels);
      return {
        names: new Set([...labels.filter((name) => of.isOpen || of.names.has(name)), ...counted]),
        isOpen: false,
      };
    }
    case 'call':
      return ofCall(expression, catalogue);
    case 'binary':
      return ofBinary(expression, catalogue);
  }
}

function ofSelector({ name, matchers }: Selector, catalogue: SeriesCatalogue): LabelSet {
  const known = name === undefined ? undefined : catalogue.find(name);
  const matched = matchers.filter(({ value }) => value !== '').map(({ label }) => label);
  if (known === undefined) return { names: new Set([...catalogue.targetLabels, ...matched]), isOpen: true };
  return { names: catalogue.labelsOf(name ?? '') ?? known.labels, isOpen: known.isOpen ?? false };
}

function ofCall({ name, operands }: Call, catalogue: SeriesCatalogue): LabelSet {
  const vector = operands.find(({ kind }) => kind !== 'number' && kind !== 'string');
  if (vector === undefined) return none;
  if (name === 'absent' || name === 'absent_over_time') return ofAbsent(vector);
  if (name === 'scalar' || name === 'vector' || name === 'time') return none;
  const of = labelsOf(vector, catalogue);
  if (name === 'histogram_quantile' || name === 'histogram_fraction') return without(of, ['le']);
  if (name === 'info') return { ...of, isOpen: true };
  const [, target] = operands;
  if (/^label_(replace|join)$/.test(name) && target?.kind === 'string') {
    return { names: new Set([...of.names, target.value]), isOpen: of.isOpen };
  }
  return of;
}

/** absent() has no series to take labels from, only the selector. */
function ofAbsent(vector: Expression): LabelSet {
  const selector = vector.kind === 'range' ? vector.of : vector;
  if (selector.kind !== 'selector') return none;
  return {
    names: new Set(selector.matchers.filter(({ operator }) => operator === '=').map(({ label }) => label)),
    isOpen: false,
  };
}

function ofBinary(expression: Binary, catalogue: SeriesCatalogue): LabelSet {
  const { operator, matching } = expression;
  const [left, right] = [expression.left, expression.right].map((side) => labelsOf(side, catalogue));
  if (left === undefined || right === undefined) return none;
  if (isScalar(expression.left)) return right;
  if (isScalar(expression.right) || operator === 'and' || operator === 'unless') return left;
  if (operator === 'or') {
    return { names: new Set([...left.names, ...right.names]), isOpen: left.isOpen || right.isOpen };
  }
  if (matching?.group !== undefined) {
    const many = matching.group === 'left' ? left : right;
    return { names: new Set([...many.names, ...matching.included.map(({ name }) => name)]), isOpen: many.isOpen };
  }
  const labels = matching?.labels.map(({ name }) => name) ?? [];
  if (matching?.isOn) return { names: new Set(labels), isOpen: false };
  return without(left, labels);
}

/** Whether an expression gives one number and no series. */
export function isScalar(expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
      return true;
    case 'negation':
      return isScalar(expression.of);
    case 'call':
      return /^(scalar|time|pi)$/.test(expression.name);
    case 'binary':
      return isScalar(expression.left) && isScalar(expression.right);
    default:
      return false;
  }
}

function without({ names, isOpen }: LabelSet, labels: readonly string[]): LabelSet {
  return { names: new Set([...names].filter((name) => !labels.includes(name))), isOpen };
}
