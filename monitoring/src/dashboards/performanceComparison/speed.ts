import { metric } from '@benchlab-otel/presets';
import { figure } from '../../panels/figure.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { increase, quantile, quantileOfRange, quotient, rate, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { type Expression, query } from '../../queries/queryShape.ts';
import { legend, selector } from '../../queries/selector.ts';
import { panelThresholds, thresholdsOf } from '../../queries/thresholds.ts';
import { others, primary, share, shown } from '../runtimeNames.ts';

// Without the job: the implementations are scraped by different jobs, and are compared as a whole.
const by = ['implementation'];
const name = legend('implementation');
const relationLegend = `$primary / ${name}`;

/** The value of the primary one as a multiple of each other one. */
function relation(ofPrimary: Expression, ofOthers: Expression): Expression {
  return { expr: `${ofPrimary.expr} / on () group_right () (${ofOthers.expr} > 0)`, labels: ofOthers.labels };
}

export function throughput(): PanelDefinition {
  return lines({
    id: 1,
    title: 'Throughput',
    description:
      'Tokens a second of all processes of an implementation together. Compare at equal load: the panel of requests at the end shows whether it was.',
    unit: grafanaUnit(metric.bitnetTokensGenerated, 'rate'),
    min: 0,
    queries: [query(sumBy(by, rate(selector(metric.bitnetTokensGenerated, shown))), name, { min: 0 })],
    noValue: 'No implementation generates tokens',
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 16,
    height: 8,
  });
}

export function throughputRelation(): PanelDefinition {
  return figure({
    id: 2,
    title: 'Throughput of the primary one, as a multiple',
    description:
      'Tokens of the primary implementation in the time shown, divided by those of each other one. 1 is as many. It also depends on how many requests each of them had.',
    unit: unitNamed(''),
    min: 0,
    decimals: 2,
    queries: [
      query(
        relation(
          sumBy([], increase(selector(metric.bitnetTokensGenerated, primary))),
          sumBy(by, increase(selector(metric.bitnetTokensGenerated, others))),
        ),
        relationLegend,
        { min: 0, series: { min: 1, max: 20 } },
      ),
    ],
    noValue: 'There is no other implementation to compare with',
    thresholds: panelThresholds('ThroughputAsMultiple'),
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 8,
    height: 8,
  });
}

export function latencies(): PanelDefinition {
  return lines({
    id: 3,
    title: 'Latency percentiles',
    description:
      'Half, 95 % and 99 % of the requests to each implementation are done within these times. Where only the 99th percentile differs, look at pauses and at the queue; where all differ, at the computation itself.',
    unit: grafanaUnit(metric.bitnetRequestDuration),
    min: 0,
    queries: [0.5, 0.95, 0.99].map((each) =>
      query(quantile(each, by, metric.bitnetRequestDuration, shown), `p${each * 100} ${name}`, {
        min: 0,
        exemplar: true,
      }),
    ),
    noValue: 'No request was served',
    alerts: ['BitNetRustHighLatency'],
    width: 16,
    height: 11,
  });
}

export function latencyRelation(): PanelDefinition {
  return figure({
    id: 4,
    title: 'Latency of the primary one, as a multiple',
    description:
      '95th percentile of the primary implementation in the time shown, divided by that of each other one. Below 1 it is faster. Buckets limit how exact it is.',
    unit: unitNamed(''),
    min: 0,
    decimals: 2,
    queries: [
      query(
        relation(
          quantileOfRange(0.95, [], metric.bitnetRequestDuration, primary),
          quantileOfRange(0.95, by, metric.bitnetRequestDuration, others),
        ),
        relationLegend,
        { min: 0, series: { min: 1, max: 20 } },
      ),
    ],
    noValue: 'There is no other implementation to compare with',
    thresholds: panelThresholds('LatencyAsMultiple'),
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 8,
    height: 11,
  });
}

export function errorShares(): PanelDefinition {
  return lines({
    id: 14,
    title: 'Error rate',
    description:
      'Share of the requests to each implementation that fail. A faster implementation that fails more is not faster. Without requests there is no share.',
    unit: unitNamed('1'),
    ...share,
    queries: [
      query(
        quotient(
          sumBy(by, rate(selector(metric.bitnetErrors, shown))),
          sumBy(by, rate(selector(metric.bitnetRequests, shown))),
        ),
        name,
        { min: 0 },
      ),
    ],
    noValue: 'No request has failed',
    thresholds: thresholdsOf('BitNetRustHighErrorRate'),
    alerts: ['BitNetRustHighErrorRate'],
    width: 12,
    height: 8,
  });
}

export function requestRates(): PanelDefinition {
  return lines({
    id: 15,
    title: 'Requests',
    description:
      'Requests a second to each implementation: the load under which the panels above compare them. An implementation without requests has nothing to compare.',
    unit: grafanaUnit(metric.bitnetRequests, 'rate'),
    min: 0,
    queries: [query(sumBy(by, rate(selector(metric.bitnetRequests, shown))), name, { min: 0 })],
    noValue: 'No request was served',
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 12,
    height: 8,
  });
}
