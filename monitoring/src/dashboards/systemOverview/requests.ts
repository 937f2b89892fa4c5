import { metric } from '@benchlab-otel/presets';
import { lines, stacked } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { quantile, quotient, rate, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, selector } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';
import { byService, failed, serviceLegend, share } from '../serviceNames.ts';

const requests = sumBy(byService, rate(selector(metric.sidepanelRequests)));

export function connections(): PanelDefinition {
  return lines({
    id: 4,
    title: 'Connections',
    description:
      'WebSocket connections that are open: now, mean and peak are in the legend. A line that never falls is a client that does not close; a fall to 0 is a restart or a network that was away.',
    unit: grafanaUnit(metric.sidepanelWsActiveConnections),
    min: 0,
    queries: [query(sumBy(byService, selector(metric.sidepanelWsActiveConnections)), serviceLegend, { min: 0 })],
    noValue: 'No process reports its connections',
    opens: [['sidepanel-overview', 'Sidepanel Overview']],
    width: 24,
    height: 7,
  });
}

export function requestsPerMinute(): PanelDefinition {
  return lines({
    id: 5,
    title: 'Requests/min',
    description:
      'Requests a minute, failed ones too: now, mean and peak are in the legend. It shows whether an odd latency is the load or the service.',
    unit: unitNamed('{request}/min'),
    min: 0,
    queries: [query({ expr: `${requests.expr} * 60`, labels: requests.labels }, serviceLegend, { min: 0 })],
    noValue: 'No request was served',
    opens: [['session-analytics', 'Session Analytics']],
    width: 24,
    height: 7,
  });
}

export function errorShare(): PanelDefinition {
  return lines({
    id: 7,
    title: 'Error rate',
    description:
      'Share of the requests that fail. Above the dashed line for five minutes the alert HighErrorRate fires. Without requests there is no share.',
    unit: unitNamed('1'),
    ...share,
    queries: [
      query(
        quotient(sumBy(byService, rate(selector(metric.sidepanelRequests, failed))), requests),
        serviceLegend,
        share,
      ),
    ],
    noValue: 'No request has failed',
    thresholds: thresholdsOf('HighErrorRate'),
    alerts: ['HighErrorRate'],
    width: 12,
    height: 10,
  });
}

export function latency(): PanelDefinition {
  return lines({
    id: 8,
    title: 'Latency',
    description:
      'Half, 95 % and 99 % of the requests are done within these times. The dashed line is the limit of the alert on the 95th percentile. A point of an exemplar leads to its trace.',
    unit: grafanaUnit(metric.sidepanelRequestDuration),
    min: 0,
    queries: [0.5, 0.95, 0.99].map((each) =>
      query(quantile(each, byService, metric.sidepanelRequestDuration), `p${each * 100} ${serviceLegend}`, {
        min: 0,
        exemplar: true,
      }),
    ),
    noValue: 'No request was served',
    thresholds: thresholdsOf('HighLatency'),
    alerts: ['HighLatency'],
    opens: [['venice-api', 'Venice API']],
    width: 12,
    height: 10,
  });
}

export function outcomes(): PanelDefinition {
  return stacked({
    id: 9,
    title: 'Requests by method and outcome',
    description:
      'Requests a second by method and how they went. Errors of one method are a bug of it; errors of all methods are something that they share, mostly the AI API.',
    unit: grafanaUnit(metric.sidepanelRequests, 'rate'),
    min: 0,
    queries: [
      query(
        sumBy(['method', 'status'], rate(selector(metric.sidepanelRequests))),
        `${legend('method')} ${legend('status')}`,
        { min: 0 },
      ),
    ],
    noValue: 'No request was served',
    alerts: ['HighErrorRate'],
    width: 12,
    height: 10,
  });
}

export function connectionsOpened(): PanelDefinition {
  return lines({
    id: 10,
    title: 'Connections opened',
    description:
      'WebSocket connections that were opened, a second. Many of them while few are open are clients that come again and again: something closes their connections.',
    unit: grafanaUnit(metric.sidepanelWsConnections, 'rate'),
    min: 0,
    queries: [query(sumBy(byService, rate(selector(metric.sidepanelWsConnections))), serviceLegend, { min: 0 })],
    noValue: 'No process counts its connections',
    opens: [['session-analytics', 'Session Analytics']],
    width: 12,
    height: 10,
  });
}
