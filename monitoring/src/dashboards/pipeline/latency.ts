import { prometheusLabel } from '@benchlab-otel/core';
import { metric } from '@benchlab-otel/presets';
import { heatmap } from '../../panels/heatmap.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { table } from '../../panels/table.ts';
import { heat, maxBy, meanOfRange, quantileOfRange } from '../../queries/expressions.ts';
import { grafanaUnit } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, selector } from '../../queries/selector.ts';

const shares = [0.5, 0.95, 0.99];

export function latencyHeatmap(): PanelDefinition {
  return heatmap({
    id: 1,
    title: 'Pipeline Latency',
    description:
      'How the time from the ingest of a specification to its distribution is spread. Two bands are two kinds of work, mostly with and without the build cache. A band that rises is a stage that became slow: open the trace of one of its points.',
    unit: grafanaUnit(metric.pipelineLatency),
    queries: [query(heat(metric.pipelineLatency), '{{le}}', { min: 0, exemplar: true })],
    noValue: 'No specification was distributed in the time shown',
    width: 14,
    height: 9,
  });
}

export function latencyTable(): PanelDefinition {
  const unit = grafanaUnit(metric.pipelineLatency);
  return table({
    id: 2,
    title: 'Pipeline Latency: percentiles',
    description:
      'Half, 95 % and 99 % of the specifications in the time shown were distributed within these times, by region of the host. Buckets limit how exact they are. A high 99th percentile next to a low median is a few hard specifications, not a slow pipeline.',
    unit,
    columns: { [prometheusLabel('host_region')]: 'Region' },
    queries: [
      ...shares.map((share) =>
        query(quantileOfRange(share, ['host_region'], metric.pipelineLatency), `p${share * 100}`, {
          min: 0,
          max: 3600,
        }),
      ),
      query(meanOfRange(['host_region'], metric.pipelineLatency), 'mean', { min: 0 }),
    ],
    noValue: 'No specification was distributed in the time shown',
    explores: ['traces'],
    width: 10,
    height: 9,
  });
}

export function bundleSize(): PanelDefinition {
  return lines({
    id: 9,
    title: 'Offline Bundle Size',
    description:
      'Size of the packaged bundle for each target, a line for each release. A step up from one revision to the next is a dependency that came in: compare their spans distribute.package.',
    unit: grafanaUnit(metric.offlineBundleSize),
    min: 0,
    queries: [
      query(
        maxBy(['target', 'revision'], selector(metric.offlineBundleSize)),
        `${legend('target')} ${legend('revision')}`,
        {
          min: 0,
        },
      ),
    ],
    noValue: 'No bundle was packaged',
    explores: ['traces'],
    width: 24,
    height: 9,
  });
}
