import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, type RunningServer, startServer } from './process.ts';

/** The files that users get, not copies of them: a fault in one fails here. */
export const agentConfig: string = shipped('agent/agent.yaml');
export const prometheusConfig: string = shipped('prometheus/prometheus.yml');

export interface Collector extends RunningServer {
  /** Where OTLP goes in. */
  readonly otlpGrpc: string;
  /** Its page with the metrics of others: host:port. */
  readonly scrapeTarget: string;
  /** Its page with its own metrics: host:port. */
  readonly telemetryTarget: string;
}

/** The collector with the shipped agent.yaml. */
export async function startCollector(stores: {
  tracesEndpoint?: string;
  metricsEndpoint?: string;
}): Promise<Collector> {
  const [grpc, http, scrape, telemetry, health] = await freePorts(5);
  const server = await startServer({
    program: 'benchlab-otelcol',
    args: () => [`--config=file:${agentConfig}`],
    env: (folder) => ({
      COLLECTOR_STATE_DIR: join(folder, 'queues'),
      COLLECTOR_OTLP_GRPC_ENDPOINT: `127.0.0.1:${grpc}`,
      COLLECTOR_OTLP_HTTP_ENDPOINT: `127.0.0.1:${http}`,
      COLLECTOR_SCRAPE_ENDPOINT: `127.0.0.1:${scrape}`,
      COLLECTOR_TELEMETRY_PORT: `${telemetry}`,
      COLLECTOR_HEALTH_ENDPOINT: `127.0.0.1:${health}`,
      // Port 1 is never listened on: what a test does not give, is away.
      COLLECTOR_TRACES_ENDPOINT: stores.tracesEndpoint ?? '127.0.0.1:1',
      COLLECTOR_METRICS_ENDPOINT: stores.metricsEndpoint ?? 'http://127.0.0.1:1',
    }),
    readyUrl: `http://127.0.0.1:${health}/`,
  });
  return {
    ...server,
    otlpGrpc: `http://127.0.0.1:${grpc}`,
    scrapeTarget: `127.0.0.1:${scrape}`,
    telemetryTarget: `127.0.0.1:${telemetry}`,
  };
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

export interface PrometheusSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Prometheus with the shipped configuration, scraping each second. It scrapes nothing until told what. */
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

export interface Jaeger extends RunningServer {
  readonly otlpGrpc: string;
  /** The API that a query goes to. */
  readonly url: string;
}

/** Jaeger, everything in one process and in memory. */
export async function startJaeger(): Promise<Jaeger> {
  const flags = [
    'collector.otlp.grpc.host-port',
    'query.http-server.host-port',
    'admin.http.host-port',
    'collector.otlp.http.host-port',
    'collector.grpc-server.host-port',
    'collector.http-server.host-port',
    'query.grpc-server.host-port',
    'processor.jaeger-binary.server-host-port',
    'processor.jaeger-compact.server-host-port',
    'processor.zipkin-compact.server-host-port',
    'http-server.host-port',
  ];
  const ports = await freePorts(flags.length);
  const server = await startServer({
    program: 'all-in-one',
    args: () => flags.map((flag, index) => `--${flag}=127.0.0.1:${ports[index]}`),
    env: () => ({ COLLECTOR_OTLP_ENABLED: 'true', SPAN_STORAGE_TYPE: 'memory' }),
    readyUrl: `http://127.0.0.1:${ports[2]}/`,
  });
  return { ...server, otlpGrpc: `127.0.0.1:${ports[0]}`, url: `http://127.0.0.1:${ports[1]}` };
}

/** Alertmanager with the configuration given, alone: no cluster. */
export async function startAlertmanager(configuration: string): Promise<RunningServer & { readonly url: string }> {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    program: 'alertmanager',
    args: async (folder) => {
      await writeFile(join(folder, 'alertmanager.yml'), configuration);
      return [
        `--config.file=${join(folder, 'alertmanager.yml')}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ];
    },
    readyUrl: `${url}/-/ready`,
  });
  return { ...server, url };
}

function shipped(path: string): string {
  return fileURLToPath(new URL(`../../collector-config/${path}`, import.meta.url));
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
