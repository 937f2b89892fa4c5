import type { Expression } from '../../queries/queryShape.ts';

/** What each server has one of. */
export const byProcess: readonly string[] = ['job', 'instance'];
export const processLegend = '{{instance}}';

export const share = { min: 0, max: 1 } as const;

export const noNodeExporter = 'No node_exporter is scraped';

/** The ten largest: more lines cannot be distinguished. */
export function largest({ expr, labels }: Expression): Expression {
  return { expr: `topk(10, ${expr})`, labels };
}
