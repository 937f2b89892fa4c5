import { type MetricDefinition, prometheusName } from '@benchlab-otel/core';
import { registry } from '../registry.ts';
import { deviceReadings } from './deviceReadings.ts';
import { foreignSeries, upSeries } from './foreignSeries.ts';
import { histogramSeries } from './histogramSeries.ts';
import { plainReadings } from './plainReadings.ts';
import { type DataProcess, processes } from './processes.ts';
import type { DataReading } from './reading.ts';
import { dataEnd } from './window.ts';

type Labels = Readonly<Record<string, string>>;

/** One series of the data set. */
export interface DataSeries {
  readonly name: string;
  /** All of them, those of the process included. */
  readonly labels: Labels;
  readonly process: DataProcess;
  /** Its value at an instant, when its process has run for `secondsRun`. Absent: it has no sample there. */
  readonly at: (secondsRun: number, instant: number) => number | undefined;
}

/** Every series of the data set: each metric of the registry with all values of its labels, and what other programs serve. */
export function dataSeries(): readonly DataSeries[] {
  return [...processes.flatMap((process) => [...ownSeries(process), ...scrapeSeries(process)]), ...foreignSeries()];
}

/** What every process serves of the registry. */
function ownSeries(process: DataProcess): readonly DataSeries[] {
  const devices = deviceReadings(process.host);
  const ofDevices = new Set(devices.map(({ metric }) => metric));
  return registry.metrics
    .filter(({ name }) => process.serves.test(name))
    .flatMap((metric) =>
      ofDevices.has(metric) ? devices.filter((each) => each.metric === metric) : plainReadings(metric, process),
    )
    .flatMap((reading) => seriesOf(reading, process));
}

function seriesOf({ metric, labels: own, base }: DataReading, process: DataProcess): readonly DataSeries[] {
  const name = prometheusName(metric);
  const labels = { ...process.labels, ...own };
  if (metric.instrument === 'histogram') return histogramSeries(name, metric.buckets ?? [], labels, process, base);
  if (metric.instrument === 'counter') return [{ name, labels, process, at: (run) => base * run }];
  return [{ name, labels, process, at: gauge(metric, base) }];
}

/** What a sensor measures moves by a tenth within an hour; all other gauges stand still, so that their figures are known. */
const moving = new Set(['Cel', 'W', 'rpm', '%', 'Hz']);
const period = 3600;

function gauge({ unit, name }: MetricDefinition, base: number): DataSeries['at'] {
  if (name.endsWith('.uptime')) return (run) => run;
  if (name === 'sidepanel.venice.balance_diem') return balance(base);
  if (!moving.has(unit) || name.includes('limit')) return () => base;
  return (_, instant) => base * (1 + 0.1 * Math.sin((2 * Math.PI * instant) / period));
}

/** What Prometheus adds to each target that it scrapes, and what OTLP has of a resource. */
function scrapeSeries(process: DataProcess): readonly DataSeries[] {
  const { labels } = process;
  const series = (name: string, value: number, more: Labels = {}): DataSeries => ({
    name,
    labels: { ...labels, ...more },
    process,
    at: () => value,
  });
  if (labels.job === 'shop') return runsOf(process);
  return [...upSeries(process), series('scrape_duration_seconds', 0.02), series('scrape_samples_scraped', 250)];
}

/** A new version began with the latest start of a process. */
function runsOf(process: DataProcess): readonly DataSeries[] {
  const latest = process.starts.at(-1) ?? 0;
  const run = (version: string, isRunning: (instant: number) => boolean): DataSeries => ({
    name: 'target_info',
    labels: { ...process.labels, service_name: 'shop', service_version: version },
    process,
    at: (_, instant) => (isRunning(instant) ? 1 : undefined),
  });
  return [run('2.0.0', (instant) => instant < latest), run('2.1.0', (instant) => instant >= latest)];
}

/** A balance is used up, half a unit an hour, and is back at its height each day. At the end of the data it is `base`. */
function balance(base: number): DataSeries['at'] {
  const perHour = 0.5;
  return (_, instant) => base + (perHour * ((dataEnd - instant) % 86_400)) / 3600;
}
