// How panels of self-counts are made: one line for each set of labels, none of which may grow.
import { attribute, type MetricDefinition, prometheusLabel } from '@benchlab-otel/core';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition, PanelOptions } from '../../panels/panelDefinition.ts';
import { maxBy, rate, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit } from '../../queries/grafanaUnit.ts';
import { type PanelQuery, query } from '../../queries/queryShape.ts';
import { matching, selector } from '../../queries/selector.ts';

export const process = 'instance';
export const wide: { readonly width: number; readonly height: number } = { width: 12, height: 10 };

type Stated = Pick<
  PanelOptions,
  'id' | 'title' | 'description' | 'noValue' | 'alerts' | 'opens' | 'explores' | 'thresholds' | 'max'
> & {
  /** Over the whole page, with the legend beside the lines: for more than four of them with long names. */
  readonly full?: true;
};

/** A counter of a process, a second, by its labels. */
export function counted(series: MetricDefinition, name: string): PanelQuery {
  return query(maxBy([process, ...series.attributes], rate(selector(series))), text(name, series.attributes), {
    min: 0,
  });
}

/** The same of all processes together, where labels and processes are more than a reader can distinguish. */
export function countedOfAll(series: MetricDefinition, name: string): PanelQuery {
  const each = maxBy([process, ...series.attributes], rate(selector(series)));
  return query(sumBy(series.attributes, each.expr), text(name, series.attributes, []), { min: 0 });
}

/** A gauge of all processes together. */
export function gaugedOfAll(series: MetricDefinition, name: string): PanelQuery {
  const each = maxBy([process, ...series.attributes], selector(series));
  return query(sumBy(series.attributes, each.expr), text(name, series.attributes, []), { min: 0 });
}

/** The part of a counter that went well: without an error. */
export function countedWell(series: MetricDefinition, name: string): PanelQuery {
  const by = series.attributes.filter((each) => each !== attribute.errorType);
  const well = matching(attribute.errorType, '=', '');
  return query(maxBy([process, ...by], rate(selector(series, well))), text(name, by), { min: 0 });
}

/** The part of a counter that went wrong, by its error. There may be none. */
export function countedFailed(series: MetricDefinition, name: string): PanelQuery {
  const failed = matching(attribute.errorType, '!=', '');
  const by = series.attributes;
  return query(maxBy([process, ...by], rate(selector(series, failed))), text(name, by), {
    min: 0,
    series: { min: 1, max: 500 },
  });
}

/** A gauge of a process, by its labels. */
export function gauged(series: MetricDefinition, name: string): PanelQuery {
  return query(maxBy([process, ...series.attributes], selector(series)), text(name, series.attributes), { min: 0 });
}

/** Counters that count trouble: 0 is well, and so is no series. */
export function losses(
  { full, ...stated }: Stated,
  ...series: readonly (readonly [MetricDefinition, string])[]
): PanelDefinition {
  const [first] = series;
  if (first === undefined) throw new RangeError(`"${stated.title}" counts nothing.`);
  return lines({
    ...stated,
    unit: grafanaUnit(first[0], 'rate'),
    queries: series.map(([definition, name]) => counted(definition, name)),
    min: 0,
    ...wide,
    ...(full ? { legendAt: 'right', width: 24 } : {}),
  });
}

function text(name: string, by: readonly string[], of: readonly string[] = [process]): string {
  // The name of a component starts with its type.
  const told = by.filter((each) => each !== attribute.otelComponentType || !by.includes(attribute.otelComponentName));
  const labels = told.map((each) => `{{${prometheusLabel(each)}}}`);
  return [name, ...labels, ...of.map((label) => `{{${label}}}`)].filter((part) => part !== '').join(' ');
}
