import { attribute, metric } from '@benchlab-otel/core';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { figureOfRange } from '../panels/figure.ts';
import { heatmap } from '../panels/heatmap.ts';
import { histogram } from '../panels/histogram.ts';
import { lines } from '../panels/lines.ts';
import type { PanelDefinition } from '../panels/panelDefinition.ts';
import { table } from '../panels/table.ts';
import { xyChart } from '../panels/xyChart.ts';
import { board, boardLegend } from '../queries/benchSeries.ts';
import { heat, marked, maxBy, mean, quantile, quantileOfRange, rate, sumBy } from '../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../queries/grafanaUnit.ts';
import { type Expected, query } from '../queries/queryShape.ts';
import { legend, matching, named, selector } from '../queries/selector.ts';
import { panelThresholds, thresholdsOf } from '../queries/thresholds.ts';
import { labelVariable, serviceVariablesOf, sourceVariables } from '../queries/variables.ts';

const latency = metric.benchlabPipelineLatency;
const pair = [attribute.pair, attribute.simulated];
const chosen = matching(attribute.pair, '=~', '$pair');
const pairLegend = `${legend(attribute.pair)}{{simulated}}`;
const noLatency = 'No pair of stages is followed';
const wide = { width: 12, height: 10 };
const spread = { exemplar: true, min: 0 } as const;
// Of one board, or of several that feed one host.
const power = { expr: `sum(max by (hw_id) (${selector(metric.hwHostPower)}))`, labels: [] };

/** The latency between two stages of a pipeline, and the power that it costs, on one time line. */
export function pipelineLatencyPower(): DashboardDefinition {
  return {
    name: 'pipeline-latency-power',
    folder: 'Bench',
    title: 'Pipeline latency and power',
    description:
      'Latency between two stages of a pipeline, frames that are dropped, and the power of the host meanwhile. Simulated figures are marked in legends.',
    tags: ['bench', 'pipeline'],
    from: 'now-15m',
    refresh: '10s',
    variables: [
      ...sourceVariables(),
      ...serviceVariablesOf(latency, metric.hwHostPower),
      labelVariable('pair', 'Stages', selector(metric.benchlabPipelineFramesDropped), attribute.pair),
    ],
    panels: [
      lines({
        id: 1,
        title: 'Latency and power',
        description:
          'Both on one time line: latency on the left, power dashed on the right. Latency that falls when power rises is a clock that was raised; both that rise are load. Simulated figures are marked.',
        unit: grafanaUnit(latency),
        queries: [
          query(marked(quantile(0.95, pair, latency, chosen)), `p95 ${pairLegend}`, spread),
          query(marked(maxBy(board, selector(metric.hwHostPower))), `power ${boardLegend}`, { min: 0 }),
        ],
        right: { refId: 'B', unit: grafanaUnit(metric.hwHostPower) },
        noValue: noLatency,
        min: 0,
        alerts: ['PipelineLatencyHigh'],
        opens: [['bench-host', 'Bench host']],
        width: 24,
        height: 9,
      }),
      ...latencyCards(),
      ...powerCards(),
      lines({
        id: 2,
        title: 'Pipeline Latency Over Time',
        description:
          'Half, 95 % and 99 % of the frames are faster than these. Below 10 ms is well, above 20 ms a person notices. A p99 far from the p50 is a queue or a pause: follow an exemplar to its trace.',
        unit: grafanaUnit(latency),
        queries: (
          [
            [0.5, 'p50'],
            [0.95, 'p95'],
            [0.99, 'p99'],
          ] as const
        ).map(([share, name]) =>
          query(marked(quantile(share, pair, latency, chosen)), `${name} ${pairLegend}`, spread),
        ),
        noValue: noLatency,
        min: 0,
        thresholds: panelThresholds('PipelineLatency'),
        alerts: ['PipelineLatencyHigh'],
        legendAt: 'right',
        width: 24,
        height: 10,
      }),
      lines({
        id: 3,
        title: 'Power Consumption',
        description:
          'Power of the host behind the supply, from each board. It is drawn next to the latency to see what a faster frame costs.',
        unit: grafanaUnit(metric.hwHostPower),
        queries: [query(marked(maxBy(board, selector(metric.hwHostPower))), boardLegend, { min: 0 })],
        noValue: 'No meter',
        min: 0,
        opens: [['bench-host', 'Bench host']],
        ...wide,
      }),
      lines({
        id: 4,
        title: 'Dropped Frame Rate (1m)',
        description:
          'Frames a second that reached the first stage and not the second, over a minute or more. A pipeline that is too slow drops; so does one whose stages are named wrongly: then all are dropped.',
        unit: grafanaUnit(metric.benchlabPipelineFramesDropped, 'rate'),
        queries: [
          query(marked(sumBy(pair, rate(selector(metric.benchlabPipelineFramesDropped, chosen)))), pairLegend, {
            min: 0,
          }),
        ],
        // So that $__rate_interval is a minute and a scrape at least, however short the time shown.
        leastStep: '1m',
        noValue: noLatency,
        min: 0,
        alerts: ['PipelineFramesDropped'],
        ...wide,
      }),
      lines({
        id: 5,
        title: 'Share of frames that are dropped',
        description:
          'Dropped frames as a share of all, over a minute. Above 1 % the pipeline does not keep up: lower its rate, or give the slow stage more.',
        unit: unitNamed('1'),
        queries: [
          // Recorded: the alert compares the same series.
          query(marked(maxBy(pair, named('pair:benchlab_pipeline_frames_dropped:ratio_rate1m', chosen))), pairLegend, {
            min: 0,
            max: 1,
            series: { min: 1, max: 100 },
          }),
        ],
        noValue: 'No frame is dropped',
        min: 0,
        max: 1,
        thresholds: thresholdsOf('PipelineFramesDropped'),
        alerts: ['PipelineFramesDropped'],
        ...wide,
      }),
      heatmap({
        id: 6,
        title: 'How latency is spread (simulated pipelines too)',
        description:
          'How many frames took how long, and how that changes. Two bands are two paths through the pipeline; a band that climbs is a queue that fills.',
        unit: grafanaUnit(latency),
        queries: [query(heat(latency, chosen), '{{le}}', spread)],
        noValue: noLatency,
        alerts: ['PipelineLatencyHigh'],
        ...wide,
      }),
      histogram({
        id: 7,
        title: 'Latency: how often each p50 was seen',
        description:
          'The medians of the time shown. One narrow hill is a steady pipeline; a long tail to the right is what users remember.',
        unit: grafanaUnit(latency),
        queries: [query(marked(quantile(0.5, pair, latency, chosen)), pairLegend, { min: 0 })],
        noValue: noLatency,
        opens: [['run-comparison', 'Run comparison']],
        ...wide,
      }),
      xyChart({
        id: 8,
        title: 'Latency by power (simulated figures too)',
        description:
          'Each point is one moment: power to the right, mean latency up. A cloud that falls to the right buys speed with power; a flat one does not, and the power can be lowered.',
        unit: grafanaUnit(latency),
        x: 'Power',
        y: 'Latency',
        xUnit: grafanaUnit(metric.hwHostPower),
        queries: [query(power, 'Power', { min: 0 }), query(mean([], latency, chosen), 'Latency', { min: 0 })],
        noValue: 'Latency and power are not measured at the same time',
        min: 0,
        opens: [['run-comparison', 'Run comparison']],
        ...wide,
      }),
      table({
        id: 9,
        title: 'Latency of each pair of stages',
        description:
          'Percentiles over the whole time shown, for a report. To state those of a run, set the time to the run.',
        unit: grafanaUnit(latency),
        columns: { pair: 'Stages', simulated: 'Emulated' },
        queries: (
          [
            [0.5, 'p50'],
            [0.95, 'p95'],
            [0.99, 'p99'],
          ] as const
        ).map(([share, name]) => query(marked(quantileOfRange(share, pair, latency, chosen)), name, { min: 0 })),
        noValue: noLatency,
        alerts: ['PipelineLatencyHigh'],
        width: 24,
        height: 7,
      }),
    ],
    sections: [{ id: 40, title: 'Series under their old names', panels: oldNames() }],
  };
}

/** Cards of the seed's live view: latency now and over the time shown. */
function latencyCards(): readonly PanelDefinition[] {
  const p95 = query(marked(quantile(0.95, pair, latency, chosen)), pairLegend, { min: 0 });
  const p99 = query(marked(quantile(0.99, pair, latency, chosen)), pairLegend, { min: 0 });
  const middle = query(marked(mean(pair, latency, chosen)), pairLegend, { min: 0 });
  const card = (id: number, title: string, of: typeof p95, calculation: Parameters<typeof figureOfRange>[1]) =>
    figureOfRange(
      {
        id,
        title,
        description: `${title}, of the time shown; its course is behind it. Green below 10 ms, yellow to 20 ms, red above: then look at how latency is spread.`,
        unit: grafanaUnit(latency),
        queries: [of],
        noValue: noLatency,
        thresholds: panelThresholds('PipelineLatency'),
        alerts: ['PipelineLatencyHigh'],
        width: 12,
        height: 4,
      },
      calculation,
    );
  return [
    card(11, 'Mean latency now', middle, 'lastNotNull'),
    card(12, 'Smallest mean latency', middle, 'min'),
    card(13, 'Latency p95 now', p95, 'lastNotNull'),
    card(14, 'Latency p99 now', p99, 'lastNotNull'),
  ];
}

function powerCards(): readonly PanelDefinition[] {
  const watts = query(marked(maxBy(board, selector(metric.hwHostPower))), boardLegend, { min: 0 });
  const card = (id: number, title: string, calculation: Parameters<typeof figureOfRange>[1]) =>
    figureOfRange(
      {
        id,
        title,
        description: `${title} of each board, of the time shown; its course is behind it. A board that is emulated is marked. Nothing here means that the meter is unplugged.`,
        unit: grafanaUnit(metric.hwHostPower),
        queries: [watts],
        noValue: 'No meter',
        opens: [['bench-host', 'Bench host']],
        width: 12,
        height: 4,
      },
      calculation,
    );
  return [
    card(15, 'Power now', 'lastNotNull'),
    card(16, 'Mean power', 'mean'),
    card(17, 'Smallest power', 'min'),
    card(18, 'Largest power', 'max'),
  ];
}

/** For programs that still ask for them: what they show must be what the panels above show. */
function oldNames(): readonly PanelDefinition[] {
  const old = (
    id: number,
    title: string,
    series: Parameters<typeof selector>[0],
    by: readonly string[],
    expected: Expected,
  ) =>
    lines({
      id,
      title,
      description:
        'A series that an earlier program had, kept under its name. It is drawn here to compare it with the correct one while you move to that; then delete it from what you built.',
      unit: grafanaUnit(series),
      queries: [
        query(
          marked(maxBy(by, selector(series))),
          by.includes(attribute.pair) ? pairLegend : 'power{{simulated}}',
          expected,
        ),
      ],
      noValue: 'The old series is not there',
      min: 0,
      opens: [['run-comparison', 'Run comparison']],
      width: 8,
      height: 8,
    });
  return [
    old(41, 'Latest latency, milliseconds', metric.benchlabPipelineLatencyMs, pair, { min: 0 }),
    old(42, 'Latest power, watts', metric.benchlabPowerW, [attribute.simulated], { min: 0 }),
    old(43, 'Frames dropped so far', metric.benchlabPipelineDropped, pair, { min: 0 }),
  ];
}
