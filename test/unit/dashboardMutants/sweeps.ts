// biome-ignore-all lint/suspicious/noAssignInExpressions: a table of changes, one a line

import type { Json } from './mutant.ts';

export interface Sweep {
  /** Continues the sentence "A panel …". */
  readonly name: string;
  readonly rule: string;
  /** Changes a panel, and returns whether it could. */
  readonly change: (panel: Json) => boolean;
}

/** Changes every query of PromQL in a panel. */
const everyQuery = (edit: (expr: string) => string) => (changed: Json) => {
  const targets = (changed.targets ?? []).filter(
    (target: Json) => target.datasource?.type === 'prometheus' && edit(target.expr) !== target.expr,
  );
  for (const target of targets) target.expr = edit(target.expr);
  return targets.length > 0;
};
const asks = ({ targets = [] }: Json): boolean => targets.length > 0;

/** The name of a series before its braces. Recorded ones have colons, and are known from rule files alone. */
const series = /(?<![\w:])(?!ALERTS)([a-z]\w+)\{/i;

/** The same mistake in each panel of a dashboard. */
export const sweeps: readonly Sweep[] = [
  {
    name: 'without description',
    rule: 'panel-title-description',
    change: (it) => asks(it) && delete it.description,
  },
  {
    name: 'on a named data source',
    rule: 'panel-datasource',
    change: (it) => asks(it) && Boolean((it.datasource = { ...it.datasource, uid: 'P1' })),
  },
  { name: 'with queries without refId', rule: 'target-ref-id', change: (it) => asks(it) && delete it.targets[0].refId },
  { name: 'with a bracket too many', rule: 'target-promql', change: everyQuery((expr) => `${expr})`) },
  {
    name: 'with a slip in a series',
    rule: 'series-unknown',
    change: everyQuery((expr) => expr.replace(series, '$1x{')),
  },
  {
    name: 'with a slip in a label',
    rule: 'label-unknown',
    change: everyQuery((expr) => expr.replace(series, '$1{jop="a",')),
  },
  {
    name: 'that ignores the job',
    rule: 'target-job',
    change: everyQuery((expr) => expr.replace(/(?<![\w:])(?!ALERTS)([a-z]\w+)\{job=~"\$job",?/i, '$1{')),
  },
  {
    name: 'with a fixed range',
    rule: 'target-rate-interval',
    change: everyQuery((expr) =>
      expr.replace(/\[\$__(rate_interval|range)\]/, '[5m]').replace(/_over_time(.*)\[5m\]/, '_over_time$1[$__range]'),
    ),
  },
];
