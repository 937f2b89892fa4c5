import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, type RunningServer, startServer } from './process.ts';

/** The file that users get, not a copy of it: a fault in it fails here. */
export const agentConfig: string = fileURLToPath(new URL('../../collector-config/agent/agent.yaml', import.meta.url));

export const jaegerConfig: string = fileURLToPath(
  new URL('../../collector-config/stack/jaeger/jaeger.yaml', import.meta.url),
);

/** The flag of every listener in jaeger.yaml. */
export const jaegerListeners = [
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
] as const;

export interface Collector extends RunningServer {
  /** Where OTLP goes in. */
  readonly otlpGrpc: string;
  readonly otlpHttp: string;
  /** Its page with the metrics of others: host:port. */
  readonly scrapeTarget: string;
  /** Its page with its own metrics: host:port. */
  readonly telemetryTarget: string;
}

export interface CollectorOptions {
  readonly tracesEndpoint?: string;
  readonly metricsEndpoint?: string;
  /** Where its queues are kept, to outlive it. Else they go with it. */
  readonly stateFolder?: string;
  /** Added to the shipped file. */
  readonly more?: readonly string[];
}

/** The collector with the shipped agent.yaml. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const [grpc, http, scrape, telemetry, health] = await freePorts(5);
  const server = await startServer({
    program: 'benchlab-otelcol',
    args: () => [`--config=file:${agentConfig}`, ...(options.more ?? []).map((config) => `--config=${config}`)],
    env: (folder) => ({
      COLLECTOR_STATE_DIR: options.stateFolder ?? join(folder, 'queues'),
      COLLECTOR_OTLP_GRPC_ENDPOINT: `127.0.0.1:${grpc}`,
      COLLECTOR_OTLP_HTTP_ENDPOINT: `127.0.0.1:${http}`,
      COLLECTOR_SCRAPE_ENDPOINT: `127.0.0.1:${scrape}`,
      COLLECTOR_TELEMETRY_PORT: `${telemetry}`,
      COLLECTOR_HEALTH_ENDPOINT: `127.0.0.1:${health}`,
      // Port 1 is never listened on: what a test does not give, is away.
      COLLECTOR_TRACES_ENDPOINT: options.tracesEndpoint ?? '127.0.0.1:1',
      COLLECTOR_METRICS_ENDPOINT: options.metricsEndpoint ?? 'http://127.0.0.1:1',
      COLLECTOR_LOGS_ENDPOINT: 'http://127.0.0.1:1',
    }),
    readyUrl: `http://127.0.0.1:${health}/`,
  });
  return {
    ...server,
    otlpGrpc: `http://127.0.0.1:${grpc}`,
    otlpHttp: `http://127.0.0.1:${http}`,
    scrapeTarget: `127.0.0.1:${scrape}`,
    telemetryTarget: `127.0.0.1:${telemetry}`,
  };
}

export interface Jaeger extends RunningServer {
  readonly otlpGrpc: string;
  /** The API that a query goes to. */
  readonly url: string;
}

/**
 * Jaeger with the shipped jaeger.yaml, everything in one process and in memory. Flags go before the file, and give every
 * listener of it a free port. It takes OTLP on the port given, or on any.
 */
export async function startJaeger(otlpPort?: number): Promise<Jaeger> {
  const ports = await freePorts(jaegerListeners.length);
  ports[0] = otlpPort ?? ports[0] ?? 0;
  const server = await startServer({
    program: 'all-in-one',
    args: () => [
      `--config-file=${jaegerConfig}`,
      ...jaegerListeners.map((flag, index) => `--${flag}=127.0.0.1:${ports[index]}`),
    ],
    env: () => ({ OTEL_TRACES_SAMPLER: 'always_off', SPAN_STORAGE_TYPE: 'memory' }),
    readyUrl: `http://127.0.0.1:${ports[2]}/`,
  });
  return { ...server, otlpGrpc: `127.0.0.1:${ports[0]}`, url: `http://127.0.0.1:${ports[1]}` };
}

export interface Alertmanager extends RunningServer {
  readonly url: string;
  /** host:port that Prometheus sends alerts to. */
  readonly target: string;
}

export interface AlertmanagerOptions {
  /** Where it meets others: `listen` is its own host:port. Alone without it. */
  readonly cluster?: { readonly listen: string; readonly peers: readonly string[] };
}

/** Alertmanager with the configuration given. */
export async function startAlertmanager(
  configuration: string,
  { cluster }: AlertmanagerOptions = {},
): Promise<Alertmanager> {
  const [port] = await freePorts(1);
  const target = `127.0.0.1:${port}`;
  const url = `http://${target}`;
  const server = await startServer({
    program: 'alertmanager',
    args: async (folder) => {
      await writeFile(join(folder, 'alertmanager.yml'), configuration);
      return [
        `--config.file=${join(folder, 'alertmanager.yml')}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=${target}`,
        ...(cluster === undefined
          ? ['--cluster.listen-address=']
          : [
              `--cluster.listen-address=${cluster.listen}`,
              `--cluster.advertise-address=${cluster.listen}`,
              ...cluster.peers.map((peer) => `--cluster.peer=${peer}`),
              // The test waits for seconds, not for minutes.
              '--cluster.settle-timeout=5s',
              '--cluster.peer-timeout=2s',
              '--cluster.gossip-interval=100ms',
              '--cluster.pushpull-interval=1s',
            ]),
      ];
    },
    readyUrl: `${url}/-/ready`,
  });
  return { ...server, url, target };
}
