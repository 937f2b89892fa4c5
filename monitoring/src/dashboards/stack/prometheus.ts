import { bars } from '../../panels/bars.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { increase, maxBy, rate, sumBy } from '../../queries/expressions.ts';
import { unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { named } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';
import { byProcess, processLegend, quantileOfSeries } from './names.ts';

const noValue = 'Prometheus does not scrape itself';

export function activeSeries(): PanelDefinition {
  return lines({
    id: 4,
    title: 'Prometheus: active series',
    description:
      'Series that had a sample in the last hours. A step up is a new label with many values: the alert fires at the dashed line, and the runbook states how to find the metric.',
    unit: unitNamed('{series}'),
    min: 0,
    queries: [query(maxBy(byProcess, named('prometheus_tsdb_head_series')), processLegend, { min: 0 })],
    noValue,
    thresholds: thresholdsOf('PrometheusManySeries'),
    alerts: ['PrometheusManySeries'],
    width: 8,
    height: 9,
  });
}

export function samplesTaken(): PanelDefinition {
  return lines({
    id: 5,
    title: 'Prometheus: samples',
    description:
      'Samples a second that are stored, scraped and sent by OTLP together. A fall is targets or senders that are away; Targets by job shows the former.',
    unit: unitNamed('{sample}', 'rate'),
    min: 0,
    queries: [
      query(sumBy(byProcess, rate(named('prometheus_tsdb_head_samples_appended_total'))), processLegend, { min: 0 }),
    ],
    noValue,
    opens: [['collector-fleet', 'Collector fleet']],
    width: 8,
    height: 9,
  });
}

export function scrapesRefused(): PanelDefinition {
  const reasons = [
    ['prometheus_target_scrapes_exceeded_sample_limit_total', 'too many series'],
    ['prometheus_target_scrapes_exceeded_body_size_limit_total', 'page too large'],
    ['prometheus_target_scrapes_sample_duplicate_timestamp_total', 'same series twice'],
    ['prometheus_target_scrapes_sample_out_of_order_total', 'out of order'],
  ] as const;
  return lines({
    id: 6,
    title: 'Prometheus: samples and scrapes refused',
    description:
      'What Prometheus did not take, a second, and why. Too many series drops a whole page: the target disappears. The same series twice is mostly a label that was dropped on the way.',
    unit: unitNamed('{scrape}', 'rate'),
    min: 0,
    queries: reasons.map(([series, reason]) =>
      query(sumBy(byProcess, rate(named(series))), `${processLegend} ${reason}`, { min: 0 }),
    ),
    noValue,
    alerts: ['PrometheusScrapeLimitReached'],
    width: 8,
    height: 9,
  });
}

export function queryTime(): PanelDefinition {
  const by = [...byProcess, 'handler'];
  return lines({
    id: 7,
    title: 'Prometheus: time of queries (99th percentile)',
    description:
      'Time in which 99 % of the queries of dashboards and people are done. Slow dashboards with a fast Prometheus are slow in the browser; else look for a panel over many series.',
    unit: unitNamed('s'),
    min: 0,
    queries: [
      query(
        quantileOfSeries(0.99, by, 'prometheus_http_request_duration_seconds', 'handler=~"/api/v1/query.*"'),
        `${processLegend} {{handler}}`,
        { min: 0, series: { min: 1, max: 100 } },
      ),
    ],
    noValue: 'No query was asked in the time shown',
    explores: ['logs'],
    width: 8,
    height: 8,
  });
}

export function storage(): PanelDefinition {
  const parts = [
    ['prometheus_tsdb_storage_blocks_bytes', 'blocks'],
    ['prometheus_tsdb_wal_storage_size_bytes', 'write-ahead log'],
    ['prometheus_tsdb_retention_limit_bytes', 'limit'],
  ] as const;
  return lines({
    id: 8,
    title: 'Prometheus: storage',
    description:
      'Disk that the data take, next to the limit of the retention by size. At the limit the oldest data go early: days are missing at the left end of a month.',
    unit: unitNamed('By'),
    min: 0,
    queries: parts.map(([series, part]) =>
      query(maxBy(byProcess, named(series)), `${processLegend} ${part}`, { min: 0 }),
    ),
    noValue,
    alerts: ['PrometheusStorageFailing'],
    width: 8,
    height: 8,
  });
}

export function storageFailures(): PanelDefinition {
  const failures = [
    ['prometheus_tsdb_compactions_failed_total', 'compactions'],
    ['prometheus_tsdb_wal_corruptions_total', 'torn write-ahead log'],
    ['prometheus_tsdb_reloads_failures_total', 'reloads of blocks'],
  ] as const;
  return bars({
    id: 9,
    title: 'Prometheus: failures of the storage',
    description:
      'What failed in the time shown while data were written or put together. Any but 0 is a disk that is full or broken: act before the next compaction.',
    unit: unitNamed('{failure}'),
    min: 0,
    queries: failures.map(([series, what]) =>
      query(maxBy(byProcess, increase(named(series))), `${processLegend} ${what}`, { min: 0 }),
    ),
    noValue,
    alerts: ['PrometheusStorageFailing'],
    width: 8,
    height: 8,
  });
}
