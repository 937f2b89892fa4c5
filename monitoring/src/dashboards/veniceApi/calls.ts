import { metric } from '@benchlab-otel/presets';
import { figure } from '../../panels/figure.ts';
import { lines, stacked } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { maxBy, quantile, quantileOfRange, quotient, rate, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, selector } from '../../queries/selector.ts';
import { byProcess, byService, failed, processLegend, serviceLegend, share } from '../serviceNames.ts';

const noValue = 'No request was sent to the AI API';
const percentiles = [0.5, 0.95, 0.99];

export function latency(): PanelDefinition {
  return lines({
    id: 5,
    title: 'API latency',
    description:
      'Half, 95 % and 99 % of the requests to the AI API are answered within these times. When they rise and the requests do not, the API is slow: there is nothing to repair here, but users wait.',
    unit: grafanaUnit(metric.sidepanelVeniceRequestDuration),
    min: 0,
    queries: percentiles.map((each) =>
      query(quantile(each, byService, metric.sidepanelVeniceRequestDuration), `p${each * 100} ${serviceLegend}`, {
        min: 0,
        exemplar: true,
      }),
    ),
    noValue,
    alerts: ['HighLatency'],
    width: 16,
    height: 10,
  });
}

export function latencyOfRange(): PanelDefinition {
  return figure({
    id: 10,
    title: 'API latency: percentiles of the time shown',
    description:
      'The same percentiles over all requests of the time shown. Set it to yesterday to compare. Buckets limit how exact they are.',
    unit: grafanaUnit(metric.sidepanelVeniceRequestDuration),
    min: 0,
    queries: percentiles.map((each) =>
      query(
        quantileOfRange(each, byService, metric.sidepanelVeniceRequestDuration),
        `p${each * 100} ${serviceLegend}`,
        {
          min: 0,
          max: 60,
        },
      ),
    ),
    noValue,
    alerts: ['HighLatency'],
    width: 8,
    height: 10,
  });
}

export function apiRequests(): PanelDefinition {
  return stacked({
    id: 13,
    title: 'API requests by model and outcome',
    description:
      'Requests a second to the AI API, by model and how they went. Errors of one model are that model; errors of all are the API, the key or the balance.',
    unit: grafanaUnit(metric.sidepanelVeniceRequests, 'rate'),
    min: 0,
    queries: [
      query(
        sumBy(['model', 'status'], rate(selector(metric.sidepanelVeniceRequests))),
        `${legend('model')} ${legend('status')}`,
        { min: 0 },
      ),
    ],
    noValue,
    explores: ['traces', 'logs'],
    width: 8,
    height: 10,
  });
}

export function apiErrorShare(): PanelDefinition {
  return lines({
    id: 14,
    title: 'API error rate',
    description:
      'Share of the requests to the AI API that fail. When all fail at once, look at the balance and at the rate limit first.',
    unit: unitNamed('1'),
    ...share,
    queries: [
      query(
        quotient(
          sumBy(byService, rate(selector(metric.sidepanelVeniceRequests, failed))),
          sumBy(byService, rate(selector(metric.sidepanelVeniceRequests))),
        ),
        serviceLegend,
        share,
      ),
    ],
    noValue: 'No request to the AI API has failed',
    alerts: ['HighErrorRate'],
    width: 8,
    height: 10,
  });
}

export function rateLimitLeft(): PanelDefinition {
  return lines({
    id: 15,
    title: 'Rate limit that is left',
    description:
      'Share of the requests that the AI API allows in its interval and that are still free. At 0 it refuses: send fewer at once, or ask for a higher limit.',
    unit: unitNamed('1'),
    ...share,
    queries: [
      query(
        quotient(
          maxBy(byProcess, selector(metric.sidepanelVeniceRateLimitRemaining)),
          maxBy(byProcess, selector(metric.sidepanelVeniceRateLimit)),
        ),
        processLegend,
        { min: 0 },
      ),
    ],
    noValue: 'The AI API has reported no limit',
    opens: [['system-overview', 'System Overview']],
    width: 8,
    height: 10,
  });
}
