import { registry } from '../registry.ts';
import { deviceReadings } from './deviceReadings.ts';
import { foreignSeries, upSeries } from './foreignSeries.ts';
import { plainReadings } from './plainReadings.ts';
import { type DataProcess, processes } from './processes.ts';
import { readingSeries } from './readingSeries.ts';

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
    .flatMap((reading) => readingSeries(reading, process));
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
  const info = infoOf(process);
  // What sends OTLP is not scraped.
  if (labels.job === 'shop') return info;
  return [
    ...info,
    ...upSeries(process),
    series('scrape_duration_seconds', 0.02),
    series('scrape_samples_scraped', 250),
  ];
}

const versions: Readonly<Record<string, readonly [before: string, since: string]>> = {
  shop: ['2.0.0', '2.1.0'],
  primary: ['0.9.1', '0.9.2'],
};

/** A new version began with the latest start of a process. */
function infoOf(process: DataProcess): readonly DataSeries[] {
  const { job = '' } = process.labels;
  const [before, since] = versions[job] ?? ['1.4.0', '1.4.0'];
  const latest = process.starts.at(-1) ?? 0;
  const info = (version: string, isRunning: (instant: number) => boolean): DataSeries => ({
    name: 'target_info',
    labels: { ...process.labels, service_name: job, service_version: version },
    process,
    at: (_, instant) => (isRunning(instant) ? 1 : undefined),
  });
  if (before === since) return [info(since, () => true)];
  return [info(before, (instant) => instant < latest), info(since, (instant) => instant >= latest)];
}
