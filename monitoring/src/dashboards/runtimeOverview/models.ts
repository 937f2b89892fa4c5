import { attribute } from '@benchlab-otel/core';
import { metric } from '@benchlab-otel/presets';
import { bars } from '../../panels/bars.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { increase, maxBy, quantile, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, selector } from '../../queries/selector.ts';
import { byProcess, byService, processLegend, serviceLegend, share, shown } from '../runtimeNames.ts';

export function modelLoadDuration(): PanelDefinition {
  return lines({
    id: 20,
    title: 'Model load time (95th percentile)',
    description:
      'Time in which 95 % of the loads of a model are done. A start that became slow is a disk or a network share; the model itself has not changed.',
    unit: grafanaUnit(metric.bitnetModelLoadDuration),
    min: 0,
    queries: [
      query(quantile(0.95, byService, metric.bitnetModelLoadDuration, shown), serviceLegend, {
        min: 0,
        exemplar: true,
      }),
    ],
    noValue: 'No model was loaded in the time shown',
    width: 12,
    height: 8,
  });
}

export function modelLoadFailures(): PanelDefinition {
  return bars({
    id: 21,
    title: 'Model loads that failed',
    description:
      'Attempts to load the model that failed in the time shown, by class of error. Any is a reason to look: the process serves no request without its model. The runbook has the first steps.',
    unit: grafanaUnit(metric.bitnetModelLoadFailures),
    min: 0,
    queries: [
      query(
        sumBy([...byService, attribute.errorType], increase(selector(metric.bitnetModelLoadFailures, shown))),
        `${legend(attribute.errorType)} ${serviceLegend}`,
        { min: 0 },
      ),
    ],
    noValue: 'No load of a model has failed',
    alerts: ['BitNetRustModelLoadFailure'],
    width: 12,
    height: 8,
  });
}

export function cacheHits(): PanelDefinition {
  return lines({
    id: 15,
    title: 'Cache hits',
    description:
      'Share of look-ups that the cache answered. A low share after a start is normal; one that stays low is a cache that is too small for the requests.',
    unit: unitNamed('1'),
    ...share,
    queries: [query(maxBy(byProcess, selector(metric.bitnetCacheHitRate, shown)), processLegend, share)],
    noValue: 'No process reports its cache',
    opens: [['runtime-internals', 'Detailed Rust Metrics']],
    width: 24,
    height: 8,
  });
}
