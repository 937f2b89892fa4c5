// How panels of self-counts are made: one line for each set of labels, none of which may grow.
import { attribute, type MetricDefinition, prometheusLabel } from '@benchlab-otel/core';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition, PanelOptions } from '../../panels/panelDefinition.ts';
import { maxBy, rate } from '../../queries/expressions.ts';
import { grafanaUnit } from '../../queries/grafanaUnit.ts';
import { type PanelQuery, query } from '../../queries/queryShape.ts';
import { matching, selector } from '../../queries/selector.ts';

export const process = 'instance';
export const wide: { readonly width: number; readonly height: number } = { width: 12, height: 10 };

type Stated = Pick<
  PanelOptions,
  'id' | 'title' | 'description' | 'noValue' | 'alerts' | 'opens' | 'thresholds' | 'max'
>;

/** A counter of a process, a second, by its labels. */
export function counted(series: MetricDefinition, name: string): PanelQuery {
  return query(maxBy([process, ...series.attributes], rate(selector(series))), text(name, series.attributes), {
    min: 0,
  });
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
    series: { min: 0, max: 500 },
  });
}

/** A gauge of a process, by its labels. */
export function gauged(series: MetricDefinition, name: string): PanelQuery {
  return query(maxBy([process, ...series.attributes], selector(series)), text(name, series.attributes), { min: 0 });
}

/** Counters that count trouble: 0 is well, and so is no series. */
export function losses(stated: Stated, ...series: readonly (readonly [MetricDefinition, string])[]): PanelDefinition {
  const [first] = series;
  if (first === undefined) throw new RangeError(`"${stated.title}" counts nothing.`);
  return lines({
    ...stated,
    unit: grafanaUnit(first[0], 'rate'),
    queries: series.map(([definition, name]) => counted(definition, name)),
    min: 0,
    ...wide,
  });
}

function text(name: string, by: readonly string[]): string {
  const labels = by.map((each) => `{{${prometheusLabel(each)}}}`);
  return [name, ...labels, `{{${process}}}`].filter((part) => part !== '').join(' ');
}
