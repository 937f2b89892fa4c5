import { present, rate, sumBy } from '../../queries/expressions.ts';
import type { Expression } from '../../queries/queryShape.ts';
import { named } from '../../queries/selector.ts';

/** What each server has one of. */
export const byProcess: readonly string[] = ['job', 'instance'];
export const processLegend = '{{instance}}';

export const share = { min: 0, max: 1 } as const;

export const noNodeExporter = 'No node_exporter is scraped';

/** The ten largest: more lines cannot be distinguished. */
export function largest({ expr, labels }: Expression): Expression {
  return { expr: `topk(10, ${expr})`, labels };
}

/** A quantile of another program's histogram. Buckets without a value have none: they would be NaN, and a line in the legend each. */
export function quantileOfSeries(
  quantile: number,
  by: readonly string[],
  series: string,
  ...matchers: readonly string[]
): Expression {
  const buckets = sumBy([...by, 'le'], rate(named(`${series}_bucket`, ...matchers)));
  const counted = present(sumBy(by, rate(named(`${series}_count`, ...matchers))));
  return {
    expr: `histogram_quantile(${quantile}, ${buckets.expr}) and on (${by.join(', ')}) ${counted.expr}`,
    labels: by,
  };
}
