import { attribute } from '@benchlab-otel/core';
import { metric } from '@benchlab-otel/presets';
import { lines, stacked } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { maxBy, quantile, quotient, rate, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, selector } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';
import { byProcess, byService, processLegend, serviceLegend, share, shown } from '../runtimeNames.ts';

export function requestRate(): PanelDefinition {
  return lines({
    id: 3,
    title: 'Request rate',
    description:
      'Requests a second that were served or failed. A fall to 0 while the service is up is a caller or a network that is away; a sudden rise explains what the panels next to it show.',
    unit: grafanaUnit(metric.bitnetRequests, 'rate'),
    min: 0,
    queries: [query(sumBy(byService, rate(selector(metric.bitnetRequests, shown))), serviceLegend, { min: 0 })],
    noValue: 'No request was served',
    opens: [['performance-comparison', 'Performance Comparison']],
    width: 12,
    height: 11,
  });
}

export function requestDuration(): PanelDefinition {
  return lines({
    id: 4,
    title: 'Request latency',
    description:
      'Half, 95 % and 99 % of the requests are done within these times. The dashed line is the limit of the alert on the 95th percentile. A point of an exemplar leads to its trace: the span that grew is the cause.',
    unit: grafanaUnit(metric.bitnetRequestDuration),
    min: 0,
    queries: [0.5, 0.95, 0.99].map((each) =>
      query(quantile(each, byService, metric.bitnetRequestDuration, shown), `p${each * 100} ${serviceLegend}`, {
        min: 0,
        exemplar: true,
      }),
    ),
    noValue: 'No request was served',
    thresholds: thresholdsOf('BitNetRustHighLatency'),
    alerts: ['BitNetRustHighLatency'],
    opens: [['performance-comparison', 'Performance Comparison']],
    width: 12,
    height: 11,
  });
}

export function errorShare(): PanelDefinition {
  return lines({
    id: 5,
    title: 'Error rate',
    description:
      'Share of the requests that fail. Above the dashed line the alert BitNetRustHighErrorRate fires; the kinds of errors are in the section at the end. Without requests there is no share.',
    unit: unitNamed('1'),
    ...share,
    queries: [
      query(
        quotient(
          sumBy(byService, rate(selector(metric.bitnetErrors, shown))),
          sumBy(byService, rate(selector(metric.bitnetRequests, shown))),
        ),
        serviceLegend,
        { min: 0 },
      ),
    ],
    noValue: 'No request has failed',
    thresholds: thresholdsOf('BitNetRustHighErrorRate'),
    alerts: ['BitNetRustHighErrorRate'],
    width: 8,
    height: 8,
  });
}

export function activeConnections(): PanelDefinition {
  return lines({
    id: 6,
    title: 'Active connections',
    description:
      'Connections that are open at each process. A line that only rises is a caller that does not close them; one process with all of them is a load balancer that does not balance.',
    unit: grafanaUnit(metric.bitnetActiveConnections),
    min: 0,
    queries: [query(maxBy(byProcess, selector(metric.bitnetActiveConnections, shown)), processLegend, { min: 0 })],
    noValue: 'No process reports its connections',
    explores: ['logs'],
    width: 8,
    height: 8,
  });
}

export function queueDepth(): PanelDefinition {
  return lines({
    id: 9,
    title: 'Queue depth',
    description:
      'Requests that wait. A queue that empties again is a burst; one that stays long means that more arrives than is served: add a process, or admit less.',
    unit: grafanaUnit(metric.bitnetQueueDepth),
    min: 0,
    queries: [query(maxBy(byProcess, selector(metric.bitnetQueueDepth, shown)), processLegend, { min: 0 })],
    noValue: 'No process reports its queue',
    thresholds: thresholdsOf('BitNetRustQueueDepthHigh'),
    alerts: ['BitNetRustQueueDepthHigh'],
    width: 8,
    height: 8,
  });
}

export function errorKinds(): PanelDefinition {
  return stacked({
    id: 22,
    title: 'Errors by kind',
    description:
      'Failed requests a second, by class of error. One class that dominates is one cause: the log lines of that time, behind the link above, have its message.',
    unit: grafanaUnit(metric.bitnetErrors, 'rate'),
    min: 0,
    queries: [
      query(
        sumBy([...byService, attribute.errorType], rate(selector(metric.bitnetErrors, shown))),
        `${legend(attribute.errorType)} ${serviceLegend}`,
        { min: 0 },
      ),
    ],
    noValue: 'No request has failed',
    alerts: ['BitNetRustHighErrorRate'],
    width: 12,
    height: 8,
  });
}
