import { readFileSync } from 'node:fs';
import type { DataSeries } from './dataSeries.ts';
import { foreignBase, foreignCourse } from './foreignBase.ts';
import { foreignLabels } from './foreignLabels.ts';
import { histogramSeries } from './histogramSeries.ts';
import type { DataProcess } from './processes.ts';
import { isLost } from './processes.ts';
import { dataEnd, dataStart } from './window.ts';

interface ForeignMetric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

interface ForeignList {
  readonly programs: readonly { readonly program: string; readonly series: readonly ForeignMetric[] }[];
}

/** The list that `benchlab-probe lint` knows, from src/ and from dist/ alike. */
const list = new URL('../../foreign-series.json', import.meta.url);

/** Where each program runs: the labels of its targets. */
const targets: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  prometheus: [{ job: 'prometheus', instance: '127.0.0.1:9090' }],
  alertmanager: [
    { job: 'alertmanager', instance: 'alertmanager-0:9093' },
    { job: 'alertmanager', instance: 'alertmanager-1:9093' },
  ],
  node_exporter: [
    { job: 'node', instance: 'bench-a:9100', host_name: 'bench-a' },
    { job: 'node', instance: 'bench-b:9100', host_name: 'bench-b' },
  ],
  'benchlab-otelcol': [
    { job: 'collector', instance: 'bench-a:8888', tier: 'agent' },
    { job: 'gateway', instance: 'gateway:8888', tier: 'gateway' },
  ],
  cAdvisor: [{ job: 'cadvisor', instance: 'bench-a:8080' }],
  grafana: [{ job: 'grafana', instance: '127.0.0.1:3000' }],
  'dcgm-exporter': [{ job: 'dcgm', instance: 'bench-a:9400' }],
};

/**
 * What dashboards and rules may ask for: of the 550 metrics of these programs, the others would double the time that the blocks
 * take. A query of another one finds nothing, and its test fails: add the metric here.
 */
const asked =
  /^(node_(cpu_seconds|load|memory_(Mem|Swap|Cached|Buffers|Slab)|filesystem_|disk_(read|written|io|write)|network_(receive|transmit)_(bytes|errs|drop|packets)|network_(up|speed)|timex_(sync|offset|maxerror)|boot_time|time_seconds|uname|procs_|context|pressure|hwmon|scrape_collector)|prometheus_(build|config_last|engine_quer|http_request|notifications|ready|rule_|target_|tsdb_(head_(series|chunks|samples|active)|compactions|storage|wal_(corrupt|storage|fsync)|reloads|blocks_loaded|lowest|retention|size|out_of_order_s|exemplar_exemplars_app))|alertmanager_(?!http|oversize|nflog_(gc|query|snap)|silences_(gc|query|snap))|otelcol_|container_|machine_|DCGM_|process_|grafana_)/;
const quantiles = ['0.5', '0.9', '0.99'];
const buckets = [0.01, 0.025, 0.05, 0.1, 0.5, 1, 10];

/** What other programs serve: each metric of the list, and what Prometheus makes of scrapes and alerts. */
export function foreignSeries(): readonly DataSeries[] {
  const { programs } = JSON.parse(readFileSync(list, 'utf8')) as ForeignList;
  return [
    ...programs.flatMap(({ program, series }) =>
      (targets[program] ?? []).flatMap((labels) => {
        const process = steadyProcess(labels);
        return [
          ...series.filter(({ name }) => asked.test(name)).flatMap((metric) => seriesOf(metric, process)),
          ...upSeries(process),
        ];
      }),
    ),
    ...downSeries(),
    ...alertSeries(),
  ];
}

/** A host that was switched off, and that Prometheus still asks. */
function downSeries(): readonly DataSeries[] {
  const process = steadyProcess({ job: 'node', instance: 'bench-c:9100', host_name: 'bench-c' });
  const off = dataEnd - 40 * 60;
  return [{ name: 'up', labels: process.labels, process, at: (_, instant) => (instant < off ? 1 : 0) }];
}

/** `up` of a target: 0 while Prometheus does not reach it. */
export function upSeries(process: DataProcess): readonly DataSeries[] {
  const { gap: _, ...withoutGap } = process;
  return [
    {
      name: 'up',
      labels: process.labels,
      process: withoutGap,
      at: (_run, instant) => (isLost(process, instant) ? 0 : 1),
    },
  ];
}

function seriesOf({ name, type, labels }: ForeignMetric, process: DataProcess): readonly DataSeries[] {
  const { instance = '' } = process.labels;
  return foreignLabels(name, labels, process.labels).flatMap((own) => {
    const base = foreignBase(name, type, own);
    const series = (suffix: string, more: DataSeries['labels'], at: DataSeries['at']): DataSeries => ({
      name: `${name}${suffix}`,
      labels: { ...own, ...more, ...process.labels },
      process,
      at,
    });
    if (type === 'histogram') {
      const key = JSON.stringify([name, own, instance]);
      return histogramSeries(name, { ...own, ...process.labels }, process, { bounds: buckets, perSecond: base, key });
    }
    const course = foreignCourse(name, type, own, instance);
    if (type === 'summary') {
      return [
        ...quantiles.map((quantile) => series('', { quantile }, () => 0.05 * Number(quantile))),
        series('_sum', {}, (run) => 0.05 * base * run),
        series('_count', {}, (run) => base * run),
      ];
    }
    return [series('', {}, course)];
  });
}

/** Alerts as Prometheus stores them: one that always fires, one that fired for a while, and those that fire since half an hour. */
function alertSeries(): readonly DataSeries[] {
  const hour = 3600;
  const alert = (labels: DataSeries['labels'], [from, to]: readonly [number, number]): DataSeries => ({
    name: 'ALERTS',
    labels: { ...labels, alertstate: 'firing' },
    process: steadyProcess({}),
    at: (_, instant) => (instant >= from && instant < to ? 1 : undefined),
  });
  const board = { job: 'benchlab-probe', instance: 'bench-b:9109', hw_id: '53494D11000B', severity: 'warning' };
  const sinceHalfAnHour = [dataEnd - 0.5 * hour, Number.POSITIVE_INFINITY] as const;
  const service = { job: 'services', severity: 'warning', owner: 'service' };
  return [
    alert({ alertname: 'Watchdog', severity: 'info', owner: 'platform' }, [dataStart, Number.POSITIVE_INFINITY]),
    alert({ alertname: 'HighLatency', ...service }, [dataEnd - 2 * hour, dataEnd - 1.5 * hour]),
    alert({ alertname: 'TargetDown', job: 'node', instance: 'bench-c:9100', severity: 'critical' }, sinceHalfAnHour),
    alert({ alertname: 'SloBurnRateSlow', slo: 'service-requests', severity: 'warning' }, sinceHalfAnHour),
    alert({ alertname: 'SampleGaps', ...board }, sinceHalfAnHour),
  ];
}

function steadyProcess(labels: DataProcess['labels']): DataProcess {
  return { labels, host: 'bench-a', serves: /^$/, starts: [dataStart - 86_400] };
}
