import { dataEnd, dataStart } from './window.ts';

/** One process of the data set: what Prometheus scrapes, or what sends OTLP. */
export interface DataProcess {
  /** The labels that its target gives to every series. */
  readonly labels: Readonly<Record<string, string>>;
  readonly host: 'bench-a' | 'bench-b';
  /** The names of the metrics that it serves. */
  readonly serves: RegExp;
  /** When it started, oldest first: each start sets its counters back to 0. */
  readonly starts: readonly number[];
  /** When Prometheus did not reach it. */
  readonly gap?: readonly [number, number];
}

const hour = 3600;
const beforeTheData = dataStart - 86_400;
/** It runs through the week. */
const steady = [beforeTheData];
/** It is updated in the middle of the week, and crashes two hours before the end. */
const restarted = [beforeTheData, dataEnd - 3 * 86_400, dataEnd - 2 * hour - 100];
const lostForTenMinutes = [dataEnd - 5 * hour, dataEnd - 5 * hour + 600] as const;

/** Names of the registry that the process which owns the devices of a bench serves: what is of the bench, not of one process. */
export const ofAgents: RegExp =
  /^(hw\.|system\.|benchlab\.(cgroup|gpu|balance|connector|current|disagreement|fan|fault|humidity|power_w|agent|bus|energy\.negative|link|readings|receiver|sample|callbacks|events|history|page|record))/;
const ofBoards =
  /^(hw\.(energy|host|power$|voltage$|temperature$|fan\.speed$|gpu\.utilization)|system\.cpu\.usage|benchlab\.(connector|current|fan|fault|humidity|sample\.age))/;
/** With the verdicts that a CI job of the shop sends. */
const ofShops =
  /^(benchlab\.(calls?\.|calls$|artifact|enricher|kernel|operation|pipeline|probe|cluster|cpu|spans|events|history|page|record|redaction|callbacks)|otel\.)/;
const ofRuntimes = /^bitnet\.(?!crossval|rust)/;
const ofComparisons = /^bitnet\.(crossval|rust)/;
const ofToolchains = /^(compile|lowering|offline|pipeline|registry|verification)[._]/;

/** All processes of the data set. The board of bench-a arrives by two of them, as it does where a service reads it too. */
export const processes: readonly DataProcess[] = [
  scraped('benchlab-probe', 'bench-a', 9109, ofAgents, { starts: steady }),
  scraped('benchlab-probe', 'bench-b', 9109, ofAgents, { starts: restarted, gap: lostForTenMinutes }),
  {
    labels: { job: 'shop', instance: 'shop-1', host_name: 'bench-a' },
    host: 'bench-a',
    serves: new RegExp(`${ofShops.source}|${ofBoards.source}`),
    starts: steady,
  },
  {
    labels: { job: 'shop', instance: 'shop-2', host_name: 'bench-b' },
    host: 'bench-b',
    serves: ofShops,
    starts: restarted,
  },
  // Another run of the same service on the same bench: what runs are compared with. The agent's bus brings it every reading.
  {
    labels: { job: 'shop', instance: 'shop-3', host_name: 'bench-a' },
    host: 'bench-a',
    serves: new RegExp(`${ofShops.source}|${ofBoards.source}`),
    starts: [dataEnd - 45 * 60],
  },
  runtime('primary', 'bench-a', 9464, 'rust', steady, new RegExp(`${ofRuntimes.source}|${ofComparisons.source}`)),
  runtime('primary', 'bench-b', 9464, 'rust', restarted),
  runtime('legacy', 'bench-a', 9465, 'cpp', steady),
  scraped('services', 'bench-a', 9470, /^sidepanel\./, { starts: steady }),
  scraped('services', 'bench-b', 9470, /^sidepanel\./, { starts: restarted }),
  scraped('services', 'bench-b', 9471, ofToolchains, { starts: restarted }),
];

function runtime(
  job: string,
  host: DataProcess['host'],
  port: number,
  implementation: string,
  starts: readonly number[],
  serves: RegExp = ofRuntimes,
): DataProcess {
  const process = scraped(job, host, port, serves, { starts });
  return { ...process, labels: { ...process.labels, implementation } };
}

function scraped(
  job: string,
  host: DataProcess['host'],
  port: number,
  serves: RegExp,
  life: Pick<DataProcess, 'starts' | 'gap'>,
): DataProcess {
  return { labels: { job, instance: `${host}:${port}`, host_name: host }, host, serves, ...life };
}

/** A process that was not there at first has no samples until it starts. */
export function hasStarted({ starts }: DataProcess, instant: number): boolean {
  return (starts[0] ?? instant) <= instant;
}

/** Since when a process has run, at an instant. */
export function startedBefore({ starts }: DataProcess, instant: number): number {
  return starts.findLast((start) => start <= instant) ?? instant;
}

export function isLost({ gap }: DataProcess, instant: number): boolean {
  return gap !== undefined && instant >= gap[0] && instant < gap[1];
}
