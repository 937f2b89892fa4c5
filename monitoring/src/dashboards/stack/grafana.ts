import { lines, stacked } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { rate, sumBy } from '../../queries/expressions.ts';
import { unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { named } from '../../queries/selector.ts';
import { byProcess, largest, processLegend, quantileOfSeries } from './names.ts';

// Its names are from its source: the tests run no Grafana.
const duration = 'grafana_http_request_duration_seconds';
const some = { min: 0, series: { min: 1, max: 100 } } as const;
const size = { noValue: 'Grafana is not scraped: see targets/grafana.yml', width: 8, height: 8 } as const;

export function grafanaRequests(): PanelDefinition {
  return stacked({
    id: 38,
    title: 'Grafana: requests by status',
    description:
      'Requests a second that Grafana answers, by status. 401 and 403 are people or programs without the right; 5xx are Grafana or a data source: the panel next to this one shows which.',
    unit: unitNamed('{request}', 'rate'),
    min: 0,
    queries: [
      query(
        sumBy([...byProcess, 'status_code'], rate(named(`${duration}_count`))),
        `${processLegend} {{status_code}}`,
        some,
      ),
    ],
    explores: ['logs'],
    ...size,
  });
}

export function grafanaLatency(): PanelDefinition {
  const by = [...byProcess, 'handler'];
  return lines({
    id: 39,
    title: 'Grafana: time of requests (95th percentile)',
    description:
      'Time in which 95 % of the requests of a page are answered, of the ten slowest. /api/ds/query is a query of a panel: when it is slow, Prometheus is, or a panel asks for too much.',
    unit: unitNamed('s'),
    min: 0,
    queries: [
      query(largest(quantileOfSeries(0.95, by, duration)), `${processLegend} {{handler}}`, {
        min: 0,
        series: { min: 1, max: 10 },
      }),
    ],
    explores: ['logs'],
    ...size,
  });
}

export function grafanaSources(): PanelDefinition {
  return lines({
    id: 40,
    title: 'Grafana: requests to data sources',
    description:
      'Requests a second to each data source, by the code of the answer. Codes of 500 and more are a server that is away or too slow; 401 is a password that was changed on one side.',
    unit: unitNamed('{request}', 'rate'),
    min: 0,
    queries: [
      query(
        sumBy([...byProcess, 'datasource', 'code'], rate(named('grafana_datasource_request_total'))),
        '{{datasource}} {{code}} ({{instance}})',
        some,
      ),
    ],
    explores: ['logs'],
    ...size,
  });
}
