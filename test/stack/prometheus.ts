import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, type RunningServer, startServer } from './process.ts';

/** The file that users get, not a copy of it: a fault in it fails here. */
export const prometheusConfig: string = fileURLToPath(
  new URL('../../collector-config/prometheus/prometheus.yml', import.meta.url),
);

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
export async function startPrometheus(): Promise<Prometheus> {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const configIn = (folder: string) => join(folder, 'prometheus.yml');
  const server = await startServer({
    program: 'prometheus',
    args: async (folder) => {
      await writeFile(configIn(folder), await targeted({}));
      return [
        `--config.file=${configIn(folder)}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-otlp-receiver',
        '--web.enable-lifecycle',
        '--enable-feature=exemplar-storage',
      ];
    },
    readyUrl: `${url}/-/ready`,
  });
  return {
    ...server,
    url,
    otlpEndpoint: `${url}/api/v1/otlp`,
    async scrape(targets) {
      await writeFile(configIn(server.folder), await targeted(targets));
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

/** The shipped prometheus.yml with other targets and a faster pace; every job that it names stays. */
async function targeted(targets: Readonly<Record<string, string>>): Promise<string> {
  const text = (await readFile(prometheusConfig, 'utf8'))
    .replace('scrape_interval: 10s', 'scrape_interval: 1s')
    .replace('scrape_timeout: 5s', 'scrape_timeout: 1s');
  const named = new Set<string>();
  const configuration = text.replace(
    /- job_name: (\S+)\n([\s\S]*?)- targets: \[.*\]/g,
    (_match: string, job: string, between: string) => {
      named.add(job);
      const target = targets[job];
      return `- job_name: ${job}\n${between}- targets: [${target ? `'${target}'` : ''}]`;
    },
  );
  const unknown = Object.keys(targets).filter((job) => !named.has(job));
  if (unknown.length > 0) throw new Error(`prometheus.yml has no job ${unknown.join(', ')}.`);
  return configuration;
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
