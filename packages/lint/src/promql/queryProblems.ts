import {
  type Aggregation,
  type Binary,
  type Call,
  type Expression,
  type Matcher,
  type Selector,
  selectorsOf,
  walk,
} from './expression.ts';
import { aggregations, promqlFunctions } from './functions.ts';
import { isScalar, type LabelSet, labelsOf } from './labelsOf.ts';
import type { SeriesCatalogue } from './seriesCatalogue.ts';
import { type PromqlProblem, typeOf } from './typeOf.ts';

/** The rules of queries, wherever they stand: in rule files and on dashboards. */
export const queryRules = [
  { id: 'promql-type', reason: 'Prometheus refuses a query whose operands have the wrong type.' },
  { id: 'promql-version', reason: 'Prometheus 2.42 refuses a file with a function that it does not have, all of it.' },
  {
    id: 'series-unknown',
    reason: 'A query of a series that no program serves is empty, and an alert on it never fires.',
  },
  { id: 'label-unknown', reason: 'A matcher or a grouping by a label that the series does not have matches nothing.' },
  { id: 'label-value-unknown', reason: 'A matcher with a value that the label never has matches nothing.' },
  { id: 'counter-without-rate', reason: 'The value of a counter is its age; only its increase means something.' },
  { id: 'rate-of-gauge', reason: 'The function rate() takes every fall of a gauge for a restart and adds it up.' },
  { id: 'quantile-without-le', reason: 'Without the label le there are no buckets, and the quantile is empty.' },
  { id: 'quantile-range', reason: 'A quantile outside of 0 to 1 is infinite, and not what was measured.' },
  { id: 'match-impossible', reason: 'Two sides whose labels never match give nothing.' },
] as const;

type QueryRule = (typeof queryRules)[number]['id'];

/** A mistake in a query, with the rule that finds it. */
export interface QueryProblem extends PromqlProblem {
  readonly rule: QueryRule;
  readonly fix: string;
}

export interface QueryOptions {
  /** Names that may be those of a program that is not listed: they are not reported as unknown. */
  isOthers?(name: string): boolean;
}

/** Everything that is wrong with a query, as far as its text and what is known of its series show it. */
export function queryProblems(
  expression: Expression,
  catalogue: SeriesCatalogue,
  { isOthers = () => false }: QueryOptions = {},
): readonly QueryProblem[] {
  const problems: QueryProblem[] = typeOf(expression).problems.map((problem) => ({
    ...problem,
    rule: 'promql-type',
    fix: 'Correct the operand.',
  }));
  for (const { expression: each, inside } of walk(expression)) {
    if (each.kind === 'selector') problems.push(...ofSelector(each, inside, catalogue, isOthers));
    if (each.kind === 'aggregation') problems.push(...ofAggregation(each, catalogue));
    if (each.kind === 'call') problems.push(...ofCall(each, catalogue));
    if (each.kind === 'binary') problems.push(...ofMatching(each, catalogue));
  }
  return problems;
}

function ofSelector(
  selector: Selector,
  inside: readonly Expression[],
  catalogue: SeriesCatalogue,
  isOthers: (name: string) => boolean,
): QueryProblem[] {
  const { name, matchers } = selector;
  if (name === undefined) return [];
  const known = catalogue.find(name);
  if (known === undefined && isOthers(name)) return [];
  if (known === undefined) {
    const near = catalogue.near(name);
    const fix =
      near.length === 0
        ? 'Name a series of the registry, of a recording rule, or of foreign-series.json.'
        : `Write ${near.join(' or ')}, or add the series to foreign-series.json.`;
    return [problem('series-unknown', `No program is known to serve ${name}.`, fix, selector.nameAt ?? selector)];
  }
  const { names, isOpen } = labelsOf(selector, catalogue);
  const found: QueryProblem[] = matchers.flatMap((matcher) => {
    const { label } = matcher;
    if (!isOpen && !names.has(label)) return [unknownLabel(label, `${name} of ${known.origin}`, names, matcher)];
    const values = catalogue.valuesOf(label, name);
    if (values === undefined) return [];
    const wrong = wordsOf(matcher).find((value) => !values.includes(value));
    if (wrong === undefined) return [];
    const fix = `Write one of ${values.slice(0, maxListed).join(', ')}${values.length > maxListed ? ', …' : ''}.`;
    return [problem('label-value-unknown', `${label} never has the value "${wrong}".`, fix, matcher)];
  });
  const calls = inside.flatMap((each) => (each.kind === 'call' ? [each.name] : []));
  const isRate = calls.some((call) => /^(rate|irate|increase)$/.test(call));
  if (known.type === 'gauge' && isRate) {
    found.push(
      problem(
        'rate-of-gauge',
        `${name} is a gauge, and is inside rate() or increase().`,
        'Use deriv(), delta() or the value itself.',
        selector,
      ),
    );
  }
  if (known.type === 'counter' && isRate && isAddedUpBefore(inside)) {
    found.push(
      problem(
        'counter-without-rate',
        `${name} is a counter, and is aggregated before rate() or increase().`,
        'Write the rate first: sum(rate(…[5m])).',
        selector,
      ),
    );
  }
  if (known.type === 'counter' && !isRate && !isCountedOnly(selector, inside)) {
    found.push(
      problem(
        'counter-without-rate',
        `${name} is a counter, and is outside rate() and increase().`,
        'Write rate(…[5m]) around it, or increase().',
        selector,
      ),
    );
  }
  return found;
}

/** Values that a message lists at most. */
const maxListed = 20;

/** The values that a matcher names: one, or the words of a pattern that has nothing but words. */
function wordsOf({ operator, value }: Matcher): readonly string[] {
  if (operator === '=') return value === '' ? [] : [value];
  return operator === '=~' && /^[\w-]+(\|[\w-]+)*$/.test(value) ? value.split('|') : [];
}

/** Uses of a counter that do not look at its value, or are about its appearance. */
function isCountedOnly(selector: Selector, inside: readonly Expression[]): boolean {
  return inside.some((each) => {
    if (each.kind === 'call')
      return /^(resets|changes|absent|absent_over_time|present_over_time|count_over_time|timestamp)$/.test(each.name);
    if (each.kind === 'aggregation') return each.operator === 'count' || each.operator === 'group';
    if (each.kind !== 'binary') return false;
    // 0 * counter: a zero for each of its series.
    if (each.operator === '*')
      return [each.left, each.right].some((side) => side.kind === 'number' && side.value === 0);
    // counter unless counter offset 15m: a counter that is new.
    return each.operator === 'unless' && isSameEarlier(each, selector);
  });
}

/** One process that starts again makes the sum fall, and rate() takes that for a restart of all. */
function isAddedUpBefore(inside: readonly Expression[]): boolean {
  const rate = inside.findLastIndex((each) => each.kind === 'call' && /^(rate|irate|increase)$/.test(each.name));
  return inside
    .slice(rate + 1)
    .some((each) => each.kind === 'aggregation' && each.operator !== 'count' && each.operator !== 'group');
}

function isSameEarlier({ left, right }: Binary, { name }: Selector): boolean {
  return (
    left.kind === 'selector' &&
    right.kind === 'selector' &&
    left.name === name &&
    right.name === name &&
    right.hasOffset
  );
}

function ofAggregation(expression: Aggregation, catalogue: SeriesCatalogue): QueryProblem[] {
  const { operator, grouping, operands } = expression;
  const of = labelsOf(operands.at(-1) ?? expression, catalogue);
  const missing = of.isOpen ? [] : (grouping?.labels ?? []).filter(({ name }) => !of.names.has(name));
  const since = aggregations.get(operator)?.since;
  return [
    ...missing.map((label) => unknownLabel(label.name, `what ${operator} is over`, of.names, label)),
    ...(operator === 'quantile' ? ofQuantile(operator, operands) : []),
    ...(since === undefined ? [] : [tooNew(operator, since, expression)]),
  ];
}

function ofCall(expression: Call, catalogue: SeriesCatalogue): QueryProblem[] {
  const { name, operands } = expression;
  const since = promqlFunctions.get(name)?.since;
  const found = since === undefined ? [] : [tooNew(name, since, expression)];
  if (/^(histogram_quantile|quantile_over_time)$/.test(name)) found.push(...ofQuantile(name, operands));
  const [, vector] = operands;
  if (name !== 'histogram_quantile' || vector === undefined) return found;
  const { names, isOpen } = labelsOf(vector, catalogue);
  const isNative = selectorsOf(vector).some((each) => catalogue.find(each.name ?? '')?.isNative);
  if (isOpen || isNative || names.has('le')) return found;
  return [
    ...found,
    problem(
      'quantile-without-le',
      'The buckets lose their label le before histogram_quantile().',
      'Add le to the grouping, and ask for the series with _bucket.',
      vector,
    ),
  ];
}

function ofQuantile(name: string, [share]: readonly Expression[]): QueryProblem[] {
  if (share?.kind !== 'number' || (share.value >= 0 && share.value <= 1)) return [];
  const message = `${name}() takes a share from 0 to 1, and has ${share.value}.`;
  return [problem('quantile-range', message, 'Write 0.9 for the 90th percentile.', share)];
}

function ofMatching(expression: Binary, catalogue: SeriesCatalogue): QueryProblem[] {
  const { operator, left, right, matching } = expression;
  if (operator === 'or' || isScalar(left) || isScalar(right)) return [];
  const sides = [labelsOf(left, catalogue), labelsOf(right, catalogue)] as const;
  const [onLeft, onRight] = sides;
  const one = matching?.group === 'right' ? onLeft : onRight;
  const lost = one.isOpen ? [] : (matching?.included ?? []).filter(({ name }) => !one.names.has(name));
  const included = lost.map((label) => unknownLabel(label.name, `the one side of ${operator}`, one.names, label));
  if (sides.some(({ isOpen }) => isOpen)) return included;
  if (matching?.isOn) {
    const unmatched = matching.labels.flatMap((label) => {
      const lacking = lackingSides(label.name, onLeft, onRight);
      if (lacking === undefined) return [];
      return [
        problem(
          'match-impossible',
          `The ${lacking} of ${operator} has no label ${label.name}.`,
          'Match on labels that both sides have.',
          label,
        ),
      ];
    });
    return [...included, ...unmatched];
  }
  const ignored = matching?.labels.map(({ name }) => name) ?? [];
  const differing = [...new Set([...onLeft.names, ...onRight.names])].filter(
    (name) => !ignored.includes(name) && onLeft.names.has(name) !== onRight.names.has(name),
  );
  if (differing.length === 0 || matching?.group !== undefined) return included;
  const message = `Both sides of ${operator} must have the same labels, and ${differing.join(', ')} ${differing.length === 1 ? 'is' : 'are'} on one side only.`;
  return [problem('match-impossible', message, 'Add on (…) with the labels that both sides have.', expression)];
}

function lackingSides(name: string, left: LabelSet, right: LabelSet): string | undefined {
  if (!left.names.has(name)) return right.names.has(name) ? 'left side' : 'left side, like the right one,';
  return right.names.has(name) ? undefined : 'right side';
}

function unknownLabel(
  label: string,
  of: string,
  names: ReadonlySet<string>,
  at: { from: number; to: number },
): QueryProblem {
  return problem(
    'label-unknown',
    `There is no label ${label} on ${of}.`,
    `Use one of ${[...names].sort().join(', ') || 'none'}.`,
    at,
  );
}

function tooNew(name: string, since: string, at: { from: number; to: number }): QueryProblem {
  return problem(
    'promql-version',
    `${name}() came with Prometheus ${since}.`,
    'Write it with what Prometheus 2.42 has.',
    at,
  );
}

function problem(
  rule: QueryRule,
  message: string,
  fix: string,
  { from, to }: { from: number; to: number },
): QueryProblem {
  return { rule, message, fix, from, to };
}
