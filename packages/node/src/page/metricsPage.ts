import type { IncomingMessage, ServerResponse } from 'node:http';
import { prometheusLabel } from '@benchlab-otel/sdk';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import { PageServer } from './pageServer.ts';
import { answerScrape } from './scrapeAnswer.ts';
import { Scraper } from './scraper.ts';

export interface MetricsPageOptions {
  /** Address to listen on. Default `127.0.0.1`: the page has no access control. */
  readonly host?: string;
  /** Default 9464 (OpenTelemetry specification, OTEL_EXPORTER_PROMETHEUS_PORT); 0 takes a free one. */
  readonly port?: number;
  /** Default `/metrics`. */
  readonly path?: string;
  /** Shown beside what the MeterProvider has, as `metricProducers` of any reader. */
  readonly metricProducers?: readonly MetricProducer[];
  /** Labels of every series, `target_info` excepted: `{ environment: 'offline' }`. A series' own label wins. */
  readonly constantLabels?: Readonly<Record<string, string>>;
  /** After this, a scrape is answered with 503. Default 10000, Prometheus' own default. */
  readonly timeoutMs?: number;
}

/** The metrics of a MeterProvider as a page that Prometheus scrapes. */
export interface MetricsPage {
  /** To be given to the MeterProvider, which also shuts it down. Its own server and serializer stay unused. */
  readonly reader: PrometheusExporter;
  /** Starts the page's own server. Resolves to the page's URL; rejects with `BenchlabError` PORT_IN_USE. */
  listen(): Promise<string>;
  /** Stops the server, also under clients that keep their connections. Safe unstarted and repeated. */
  close(): Promise<void>;
  /** Answers a scrape in a server of yours, whatever the path it is mounted at. Never throws. */
  handler(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * Makes a metrics page. Series have the names and labels that they have by way of OTLP.
 *
 * @example
 * const page = metricsPage({ port: 0 });
 * const provider = new MeterProvider({ readers: [page.reader] });
 * await page.listen(); // 'http://127.0.0.1:43817/metrics'
 */
export function metricsPage(options: MetricsPageOptions = {}): MetricsPage {
  const { host = '127.0.0.1', port = 9464, path = '/metrics', timeoutMs = 10_000, constantLabels = {} } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new RangeError(`port must be 0 to 65535, not ${port}.`);
  if (!path.startsWith('/')) throw new TypeError(`path must begin with a slash, not be "${path}".`);
  if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs must be above 0, not ${timeoutMs}.`);
  for (const name of Object.keys(constantLabels)) {
    if (name === '' || name === 'le' || name.startsWith('__') || prometheusLabel(name) !== name) {
      throw new TypeError(
        `constantLabels: "${name}" cannot be a label in Prometheus. Use letters, digits and underscores.`,
      );
    }
  }
  const metricProducers = [...(options.metricProducers ?? [])];
  const reader = new PrometheusExporter({ preventServerStart: true, metricProducers });
  const scraper = new Scraper(reader, constantLabels, timeoutMs);
  const handler = (request: IncomingMessage, response: ServerResponse) => answerScrape(scraper, request, response);
  const server = new PageServer({ host, port, path, handler });
  return { reader, handler, listen: () => server.listen(), close: () => server.close() };
}
