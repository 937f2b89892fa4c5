import { attribute, type MetricDefinition } from '@benchlab-otel/core';
import { onGpu, simulatedLegend } from '../../queries/benchSeries.ts';
import { marked, maxBy } from '../../queries/expressions.ts';
import { type Expected, type PanelQuery, query } from '../../queries/queryShape.ts';
import { legend, matching, selector } from '../../queries/selector.ts';

export const nothing = 'No GPU is read';
export const wide = { width: 12, height: 10 };
export const meter: string = matching(attribute.hwType, '=', 'gpu');
// NVML's form of a UUID: with all GPUs chosen, the boards' own sensors would match too.
export const ofGpu: string = matching(attribute.hwParent, '=~', 'GPU-.*');

export const named: readonly string[] = [attribute.hwId, attribute.hwName, attribute.simulated];
export const namedLegend: string = `${legend(attribute.hwName)} ${legend(attribute.hwId)}${simulatedLegend}`;

/** One line for each GPU, and for each value of `more`. */
export function of(
  series: MetricDefinition,
  more: readonly string[],
  name: string,
  expected: Expected,
  ...matchers: readonly string[]
): PanelQuery {
  const text = name === '' ? namedLegend : `${name} ${namedLegend}`;
  return query(marked(maxBy([...named, ...more], selector(series, onGpu, ...matchers))), text, expected);
}
