import { metric } from '@benchlab-otel/presets';
import { figure } from '../../panels/figure.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { increase, maxBy, quotient, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { selector } from '../../queries/selector.ts';
import { eitherWay, thresholdsOf } from '../../queries/thresholds.ts';

const byProcess = ['job', 'instance'];
const processLegend = '{{instance}} ({{job}})';
const noValue = 'No cross-validation has run';
const rust = selector(metric.bitnetCrossvalRustThroughput);
const cpp = selector(metric.bitnetCrossvalCppThroughput);

export function testFailures(): PanelDefinition {
  return figure({
    id: 10,
    title: 'Cross-validation: failed tests',
    description:
      'Tests in the time shown in which the two implementations disagreed. Any is a reason not to release: the runbook states how to find the test and the first wrong value.',
    unit: grafanaUnit(metric.bitnetCrossvalTestFailures),
    min: 0,
    queries: [
      query(sumBy(byProcess, increase(selector(metric.bitnetCrossvalTestFailures))), processLegend, { min: 0 }),
    ],
    noValue,
    alerts: ['BitNetCrossValidationFailure'],
    width: 8,
    height: 8,
  });
}

export function accuracyDifference(): PanelDefinition {
  return lines({
    id: 11,
    title: 'Cross-validation: difference of accuracy',
    description:
      'Accuracy of the primary implementation less that of the legacy one. It should be near 0; outside of the dashed lines the alert BitNetCrossValidationAccuracyDrift fires, either way: a better accuracy is a difference too.',
    unit: grafanaUnit(metric.bitnetCrossvalAccuracyDifference),
    decimals: 4,
    queries: [
      query(maxBy(byProcess, selector(metric.bitnetCrossvalAccuracyDifference)), processLegend, { min: -1, max: 1 }),
    ],
    noValue,
    thresholds: eitherWay(thresholdsOf('BitNetCrossValidationAccuracyDrift')),
    alerts: ['BitNetCrossValidationAccuracyDrift'],
    width: 16,
    height: 8,
  });
}

export function crossThroughput(): PanelDefinition {
  return lines({
    id: 12,
    title: 'Cross-validation: throughput',
    description:
      'Tokens a second of both implementations on the same input, from the cross-validation itself: unlike the first panel, at equal load.',
    unit: grafanaUnit(metric.bitnetCrossvalRustThroughput),
    min: 0,
    queries: [
      query(maxBy(byProcess, rust), `primary ${processLegend}`, { min: 0 }),
      query(maxBy(byProcess, cpp), `legacy ${processLegend}`, { min: 0 }),
    ],
    noValue,
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 12,
    height: 8,
  });
}

export function crossThroughputShare(): PanelDefinition {
  return lines({
    id: 13,
    title: 'Cross-validation: throughput of the primary one, of the legacy one',
    description:
      'Throughput of the primary implementation as a share of that of the legacy one. Below the dashed line it is a regression: compare the builds before and after the step.',
    unit: unitNamed('1'),
    min: 0,
    queries: [query(quotient(maxBy(byProcess, rust), maxBy(byProcess, cpp)), processLegend, { min: 0 })],
    noValue,
    thresholds: thresholdsOf('BitNetCrossValidationPerformanceRegression'),
    alerts: ['BitNetCrossValidationPerformanceRegression'],
    width: 12,
    height: 8,
  });
}
