// The dashboard "Sidepanel Overview": four panels, as the document that it comes from has them, with the queries corrected.
import { metric } from '@benchlab-otel/presets';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { figure } from '../panels/figure.ts';
import { gauge } from '../panels/gauge.ts';
import { heatmap } from '../panels/heatmap.ts';
import { lines } from '../panels/lines.ts';
import type { PanelDefinition } from '../panels/panelDefinition.ts';
import { heat, maxBy, rate, sumBy } from '../queries/expressions.ts';
import { grafanaUnit } from '../queries/grafanaUnit.ts';
import { query } from '../queries/queryShape.ts';
import { legend, selector } from '../queries/selector.ts';
import { panelThresholds } from '../queries/thresholds.ts';
import { serviceVariables, sourceVariables } from '../queries/variables.ts';
import { byProcess, byService, processLegend, serviceLegend } from './serviceNames.ts';

/** One look at the service: who is connected, what is asked, how fast it answers, what is left. */
export function sidepanelOverview(): DashboardDefinition {
  return {
    name: 'sidepanel-overview',
    folder: 'Sidepanel',
    title: 'Sidepanel Overview',
    description: 'The service in four panels: connections, requests, latency, balance.',
    tags: ['service'],
    from: 'now-1h',
    refresh: '10s',
    variables: [...sourceVariables(), ...serviceVariables(metric.sidepanelRequests)],
    // Panel ids: fixed for ever. Next: 5.
    panels: [activeConnections(), requestRate(), latencyDistribution(), veniceBalance()],
  };
}

function activeConnections(): PanelDefinition {
  return figure({
    id: 1,
    title: 'Active Connections',
    description:
      'WebSocket connections that are open now, of all processes of a service. 0 while users work means that they cannot connect: look at the health of the service.',
    unit: grafanaUnit(metric.sidepanelWsActiveConnections),
    min: 0,
    queries: [query(sumBy(byService, selector(metric.sidepanelWsActiveConnections)), serviceLegend, { min: 0 })],
    noValue: 'No process reports its connections',
    opens: [['system-overview', 'System Overview']],
    width: 8,
    height: 8,
  });
}

function requestRate(): PanelDefinition {
  return lines({
    id: 2,
    title: 'Request Rate',
    description:
      'Requests a second by how they went. The alert HighErrorRate compares the errors with all of them: the share itself is on System Overview.',
    unit: grafanaUnit(metric.sidepanelRequests, 'rate'),
    min: 0,
    queries: [
      query(
        sumBy([...byService, 'status'], rate(selector(metric.sidepanelRequests))),
        `${legend('status')} ${serviceLegend}`,
        { min: 0 },
      ),
    ],
    noValue: 'No request was served',
    alerts: ['HighErrorRate'],
    opens: [['system-overview', 'System Overview']],
    width: 16,
    height: 8,
  });
}

function latencyDistribution(): PanelDefinition {
  return heatmap({
    id: 3,
    title: 'Latency Distribution',
    description:
      'How the duration of requests is spread. A second band above the first is a group of requests that waits for something, mostly for the AI API. A point of an exemplar leads to its trace.',
    unit: grafanaUnit(metric.sidepanelRequestDuration),
    queries: [query(heat(metric.sidepanelRequestDuration), '{{le}}', { min: 0, exemplar: true })],
    noValue: 'No request was served',
    alerts: ['HighLatency'],
    opens: [['venice-api', 'Venice API']],
    width: 16,
    height: 8,
  });
}

function veniceBalance(): PanelDefinition {
  return gauge({
    id: 4,
    title: 'Venice Balance',
    description:
      'Balance at the AI API, in Diem: dark red below 10, where the alert fires, red below 25, yellow below 50, else green. At 0 every request to the API fails until the reset.',
    unit: grafanaUnit(metric.sidepanelVeniceBalanceDiem),
    min: 0,
    max: 100,
    queries: [query(maxBy(byProcess, selector(metric.sidepanelVeniceBalanceDiem)), processLegend, { min: 0 })],
    noValue: 'The AI API has reported no balance',
    thresholds: panelThresholds('VeniceBalance'),
    alerts: ['LowDiemBalance', 'CriticalDiemBalance'],
    opens: [['venice-api', 'Venice API']],
    width: 8,
    height: 8,
  });
}
