import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { freePorts, type RunningServer, startServer } from './process.ts';

const folder = fileURLToPath(new URL('../../collector-config/prometheus/', import.meta.url));
/** The rules that users get. */
export const rulesFolder: string = join(folder, 'rules');

/** The file that users get, not a copy of it: a fault in it fails here. */
export const prometheusConfig: string = join(folder, 'prometheus.yml');

export interface PrometheusOptions {
  /** host:port of each Alertmanager that alerts go to. None by default. */
  readonly alertmanagers?: readonly string[];
  /** Files of rules instead of the shipped ones. */
  readonly rules?: readonly string[];
  /** Its port and where it keeps its data, to outlive it. Else any port, and the data goes with it. */
  readonly port?: number;
  readonly dataFolder?: string;
  /** `remote_write` of its configuration. None by default. */
  readonly remoteWrite?: readonly object[];
}

export interface Prometheus extends RunningServer {
  readonly url: string;
  readonly otlpEndpoint: string;
  /** Gives the jobs of the shipped configuration their targets, by job name, and reloads it. The others have none. */
  scrape(targets: Readonly<Record<string, string>>): Promise<void>;
  /** The instant value of each series that the expression gives. */
  query(expression: string): Promise<readonly PrometheusSeries[]>;
  /** What is stored of each series that a range selector, such as `up[1m]`, gives. */
  samples(selector: string): Promise<readonly PrometheusSamples[]>;
}

export interface PrometheusSamples {
  readonly labels: Readonly<Record<string, string>>;
  /** Oldest first; `time` in seconds since 1970. */
  readonly samples: readonly { readonly time: number; readonly value: number }[];
}

interface PrometheusSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Prometheus with the shipped configuration, scraping each second. It scrapes nothing until it has targets. */
export async function startPrometheus(options: PrometheusOptions = {}): Promise<Prometheus> {
  const port = options.port ?? (await freePorts(1))[0];
  const url = `http://127.0.0.1:${port}`;
  const configIn = (folder: string) => join(folder, 'prometheus.yml');
  const server = await startServer({
    program: 'prometheus',
    args: async (folder) => {
      await writeFile(configIn(folder), await targeted({}, options));
      return [
        `--config.file=${configIn(folder)}`,
        `--storage.tsdb.path=${options.dataFolder ?? join(folder, 'data')}`,
        ...(await shippedFlags()),
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-lifecycle',
      ];
    },
    readyUrl: `${url}/-/ready`,
  });
  return {
    ...server,
    url,
    otlpEndpoint: `${url}/api/v1/otlp`,
    async scrape(targets) {
      await writeFile(configIn(server.folder), await targeted(targets, options));
      const response = await fetch(`${url}/-/reload`, { method: 'POST' });
      if (!response.ok) throw new Error(`Prometheus refused its configuration: ${await response.text()}`);
    },
    async query(expression) {
      const result = await query(url, expression);
      return result.map(({ metric, value }) => ({ labels: metric, value: Number(value?.[1]) }));
    },
    async samples(selector) {
      const result = await query(url, selector);
      return result.map(({ metric, values = [] }) => ({
        labels: metric,
        samples: values.map(([time, value]) => ({ time, value: Number(value) })),
      }));
    },
  };
}

/** The flags that users get, without those that the test has its own of. */
async function shippedFlags(): Promise<readonly string[]> {
  const lines = (await readFile(join(folder, 'prometheus.flags'), 'utf8')).split('\n');
  return lines.filter((line) => /^--/.test(line) && !/listen-address|enable-lifecycle/.test(line));
}

interface PrometheusSettings {
  readonly global: Record<string, string>;
  readonly scrape_configs: readonly {
    readonly job_name: string;
    static_configs?: readonly { readonly targets: readonly string[]; readonly labels?: object }[];
    scrape_interval?: string;
    file_sd_configs?: unknown;
  }[];
  rule_files: readonly string[];
  alerting: unknown;
  remote_write?: readonly object[];
}

/** The shipped prometheus.yml with other targets and a faster pace; every job that it names stays. */
async function targeted(
  targets: Readonly<Record<string, string>>,
  { alertmanagers = [], rules = [join(rulesFolder, '*.yml')], remoteWrite }: PrometheusOptions,
): Promise<string> {
  const settings = parse(await readFile(prometheusConfig, 'utf8'), { merge: true }) as PrometheusSettings;
  Object.assign(settings.global, { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' });
  settings.rule_files = rules;
  settings.alerting = { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] };
  if (remoteWrite !== undefined) settings.remote_write = remoteWrite;
  const left = new Map(Object.entries(targets));
  for (const job of settings.scrape_configs) {
    const target = left.get(job.job_name);
    left.delete(job.job_name);
    const labels = job.static_configs?.[0]?.labels;
    job.static_configs = [
      { targets: target === undefined ? [] : [target], ...(labels === undefined ? {} : { labels }) },
    ];
    delete job.file_sd_configs;
    delete job.scrape_interval;
  }
  if (left.size > 0) throw new Error(`prometheus.yml has no job ${[...left.keys()].join(', ')}.`);
  return stringify(settings, { aliasDuplicateObjects: false });
}

type Sample = readonly [number, string];

interface QueryAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Record<string, string>;
      readonly value?: Sample;
      readonly values?: readonly Sample[];
    }[];
  };
}

async function query(url: string, expression: string): Promise<NonNullable<QueryAnswer['data']>['result']> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
  const answer = (await response.json()) as QueryAnswer;
  if (answer.status !== 'success' || !answer.data) throw new Error(`${expression}: ${answer.error}`);
  return answer.data.result;
}
