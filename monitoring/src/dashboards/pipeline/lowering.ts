import { metric } from '@benchlab-otel/presets';
import { bars } from '../../panels/bars.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { meanOfRange, quantile } from '../../queries/expressions.ts';
import { grafanaUnit } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend } from '../../queries/selector.ts';
import { backendLegend, byBackend, onBackend } from './names.ts';

export function lowering(): PanelDefinition {
  return lines({
    id: 10,
    title: 'Lowering by backend (95th percentile)',
    description:
      'Time in which 95 % of the operators are lowered to a backend. A backend that leaves the others behind slows the whole pipeline down; the panel next to it names its slowest operators.',
    unit: grafanaUnit(metric.loweringDuration),
    min: 0,
    queries: [
      query(quantile(0.95, byBackend, metric.loweringDuration, onBackend), backendLegend, { min: 0, exemplar: true }),
    ],
    noValue: 'Nothing was lowered',
    width: 12,
    height: 8,
  });
}

export function slowestOperators(): PanelDefinition {
  const { expr, labels } = meanOfRange(['backend', 'operator', 'maturity'], metric.loweringDuration, onBackend);
  return bars({
    id: 11,
    title: 'Slowest operators',
    description:
      'Mean time to lower one operator, of the ten slowest in the time shown. Experimental operators among them are expected; a stable one is worth a profile.',
    unit: grafanaUnit(metric.loweringDuration),
    min: 0,
    queries: [
      query(
        { expr: `topk(10, ${expr})`, labels },
        `${legend('backend')} ${legend('operator')} (${legend('maturity')})`,
        { min: 0, series: { min: 1, max: 10 } },
      ),
    ],
    noValue: 'Nothing was lowered',
    explores: ['traces'],
    width: 12,
    height: 8,
  });
}
