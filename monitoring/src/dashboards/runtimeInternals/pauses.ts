import { metric } from '@benchlab-otel/presets';
import { heatmap } from '../../panels/heatmap.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { heat, quantile, rate, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { sumOf } from '../../queries/selector.ts';
import { byProcess, byService, processLegend, serviceLegend, shown } from '../runtimeNames.ts';

const unit = grafanaUnit(metric.bitnetGcPauseDuration);
const noValue = 'No implementation collects garbage';

export function pauseHeatmap(): PanelDefinition {
  return heatmap({
    id: 7,
    title: 'Garbage-collection pauses',
    description:
      'How long the pauses for garbage collection are, and how that is spread. Rust has none of its own: what is seen here is an implementation, or a part of one, in a language that has them. A band at long times is what the 99th percentile of the latency shows.',
    unit,
    queries: [query(heat(metric.bitnetGcPauseDuration, shown), '{{le}}', { min: 0 })],
    noValue,
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 10,
    height: 10,
  });
}

export function pauseQuantiles(): PanelDefinition {
  return lines({
    id: 8,
    title: 'Garbage-collection pauses: percentiles',
    description:
      'Half and 99 % of the pauses are shorter than this. A long pause holds up every request of its process at once.',
    unit,
    min: 0,
    queries: [0.5, 0.99].map((each) =>
      query(quantile(each, byService, metric.bitnetGcPauseDuration, shown), `p${each * 100} ${serviceLegend}`, {
        min: 0,
      }),
    ),
    noValue,
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 8,
    height: 10,
  });
}

export function pauseShare(): PanelDefinition {
  return lines({
    id: 9,
    title: 'Time in garbage collection',
    description:
      'Share of the time in which a process pauses for garbage collection. A few percent are normal; more means too little memory for what is kept.',
    // Seconds of pause a second.
    unit: grafanaUnit(metric.bitnetGcPauseDuration, 'rate'),
    min: 0,
    queries: [query(sumBy(byProcess, rate(sumOf(metric.bitnetGcPauseDuration, shown))), processLegend, { min: 0 })],
    noValue,
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 6,
    height: 10,
  });
}
