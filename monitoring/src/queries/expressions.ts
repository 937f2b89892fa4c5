// PromQL that panels share, each with the labels of what it returns. All of it is one series for each set of labels however many
// ways the same reading came: by scrape, by OTLP, from the agent and from a service that reads its bus.
import { attribute, type MetricDefinition, prometheusLabel } from '@benchlab-otel/core';
import type { Expression } from './queryShape.ts';
import { buckets, countOf, labels, sumOf } from './selector.ts';

type By = readonly string[];

/** Copies of one reading that came on several paths are equal: the largest of them is the reading. */
export function maxBy(by: By, of: string): Expression {
  return aggregated('max', by, of);
}

export function minBy(by: By, of: string): Expression {
  return aggregated('min', by, of);
}

/** For what adds up: requests of several processes, and never readings of one meter. */
export function sumBy(by: By, of: string): Expression {
  return aggregated('sum', by, of);
}

/** The change of a counter a second, over four scrapes at least. */
export function rate(selector: string): string {
  return `rate(${selector}[$__rate_interval])`;
}

/** The growth of a counter in the time shown. */
export function increase(selector: string): string {
  return `increase(${selector}[$__range])`;
}

/** The growth of a counter from one point to the next: with `leastStep: '1d'`, in a day. */
export function increaseOfStep(selector: string): string {
  return `increase(${selector}[$__rate_interval])`;
}

/** A quantile of a histogram's values, from the buckets of all processes together. */
export function quantile(share: number, by: By, metric: MetricDefinition, ...matchers: readonly string[]): Expression {
  const summed = sumBy([...by, 'le'], rate(buckets(metric, ...matchers)));
  return { expr: `histogram_quantile(${share}, ${summed.expr})`, labels: labelNames(by) };
}

/** The same over the whole time shown. */
export function quantileOfRange(
  share: number,
  by: By,
  metric: MetricDefinition,
  ...matchers: readonly string[]
): Expression {
  const summed = sumBy([...by, 'le'], increase(buckets(metric, ...matchers)));
  return { expr: `histogram_quantile(${share}, ${summed.expr})`, labels: labelNames(by) };
}

/** The mean of a histogram's values. Without values there is no mean, and no division by 0. */
export function mean(by: By, metric: MetricDefinition, ...matchers: readonly string[]): Expression {
  return quotient(sumBy(by, rate(sumOf(metric, ...matchers))), sumBy(by, rate(countOf(metric, ...matchers))));
}

/** The mean over the whole time shown. */
export function meanOfRange(by: By, metric: MetricDefinition, ...matchers: readonly string[]): Expression {
  return quotient(sumBy(by, increase(sumOf(metric, ...matchers))), sumBy(by, increase(countOf(metric, ...matchers))));
}

/** Where the divisor is 0 there is no quotient: 0/0 would be drawn as a gap at best. */
export function quotient(dividend: Expression, divisor: Expression): Expression {
  return { expr: `${dividend.expr} / (${divisor.expr} > 0)`, labels: dividend.labels };
}

/** Both together, where both are there. */
export function total(left: Expression, right: Expression): Expression {
  return { expr: `(${left.expr} + ${right.expr})`, labels: left.labels };
}

/** Any other PromQL around an expression that keeps its labels: `mapped(e, (expr) => `abs(${expr})`)`. */
export function mapped({ expr, labels: names }: Expression, around: (expr: string) => string): Expression {
  return { expr: around(expr), labels: names };
}

/** 0 where the first has nothing and the second has: no request has failed, as opposed to no request at all. */
export function orZero({ expr, labels: names }: Expression, known: Expression): Expression {
  return { expr: `${expr} or 0 * ${known.expr}`, labels: names };
}

/** Only what is above 0: states that are there. */
export function present({ expr, labels: names }: Expression): Expression {
  return { expr: `${expr} > 0`, labels: names };
}

/** Buckets as a heatmap takes them. */
export function heat(metric: MetricDefinition, ...matchers: readonly string[]): Expression {
  return sumBy(['le'], rate(buckets(metric, ...matchers)));
}

/** States in the legend (`{{simulated}}`) what was measured on emulated hardware. Its `by` names benchlab.simulated. */
export function marked({ expr, labels: names }: Expression): Expression {
  const source = prometheusLabel(attribute.simulated);
  if (!names.includes(source)) throw new RangeError(`"${expr}" drops the label ${source}. Add it to its "by".`);
  return {
    expr: `label_replace(${expr}, "simulated", " (simulated)", "${source}", "true")`,
    labels: [...names, 'simulated'],
  };
}

function aggregated(operator: 'max' | 'min' | 'sum', by: By, of: string): Expression {
  return {
    expr: by.length === 0 ? `${operator}(${of})` : `${operator} by (${labels(by)}) (${of})`,
    labels: labelNames(by),
  };
}

function labelNames(by: By): readonly string[] {
  return by.map(prometheusLabel);
}
