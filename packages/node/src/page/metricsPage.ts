import type { IncomingMessage, ServerResponse } from 'node:http';
import { prometheusLabel, type TranslationStrategy, translationStrategies } from '@benchlab-otel/core';
import type { MeterProvider } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { MetricProducer } from '@opentelemetry/sdk-metrics';
import { Exemplars } from './exemplars.ts';
import { isToken } from './pageAccess.ts';
import { hasUtf8Names, pageNames } from './pageNames.ts';
import { PageServer, type PageTls } from './pageServer.ts';
import { PageText } from './pageText.ts';
import { answerScrape } from './scrapeAnswer.ts';
import { Scraper } from './scraper.ts';
import { Warnings } from './warnings.ts';

export interface MetricsPageOptions {
  /** Address to listen on. Default `127.0.0.1`; another needs a token, or `allowUnprotected`. */
  readonly host?: string;
  /** Default 9464 (OpenTelemetry specification, OTEL_EXPORTER_PROMETHEUS_PORT); 0 takes a free one. */
  readonly port?: number;
  /** Default `/metrics`. */
  readonly path?: string;
  /** Shows the page only to requests with `Authorization: Bearer <token>`. `handler` leaves that to your server. */
  readonly token?: string;
  /** The same, from a file that holds the token alone; read when the page begins to listen. */
  readonly tokenFile?: string;
  /** Serves HTTPS. */
  readonly tls?: PageTls;
  /** Lets the page listen beyond this machine without a token. */
  readonly allowUnprotected?: boolean;
  /** How names become Prometheus names. Default `UnderscoreEscapingWithSuffixes`, as everything of this project expects. */
  readonly translationStrategy?: TranslationStrategy;
  /** Adds `otel_scope_name`, `otel_scope_version` and `otel_scope_schema_url` to every series. Default false. */
  readonly scopeLabels?: boolean;
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
  /**
   * A provider around `provider` that also remembers in which sampled spans its histograms and counters were recorded:
   * the page shows them as exemplars in OpenMetrics. Register this one instead, or leave it and pay nothing.
   */
  withExemplars(provider: MeterProvider): MeterProvider;
  /** Starts the page's own server. Resolves to the page's URL; rejects with `BenchlabError` PORT_IN_USE or PAGE_UNPROTECTED. */
  listen(): Promise<string>;
  /** Stops the server, also under clients that keep their connections. Safe unstarted and repeated. */
  close(): Promise<void>;
  /** Answers a scrape in a server of yours, whatever the path it is mounted at. Never throws. */
  handler(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * Makes a metrics page, in the text format or OpenMetrics as the scraper asks. Series have the names and labels that
 * they have by way of OTLP.
 *
 * @example
 * const page = metricsPage({ port: 0 });
 * const provider = new MeterProvider({ readers: [page.reader] });
 * await page.listen(); // 'http://127.0.0.1:43817/metrics'
 */
export function metricsPage(options: MetricsPageOptions = {}): MetricsPage {
  checkOptions(options);
  const { host = '127.0.0.1', port = 9464, path = '/metrics', timeoutMs = 10_000 } = options;
  const { constantLabels = {}, scopeLabels = false, translationStrategy = 'UnderscoreEscapingWithSuffixes' } = options;
  const reader = new PrometheusExporter({
    preventServerStart: true,
    metricProducers: [...(options.metricProducers ?? [])],
  });
  const exemplars = new Exemplars();
  const warnings = new Warnings();
  const scraper = new Scraper(reader, {
    timeoutMs,
    warnings,
    textOf: ({ isOpenMetrics, escaping }) =>
      new PageText({
        isOpenMetrics,
        names: pageNames(translationStrategy, escaping),
        constantLabels,
        hasScopeLabels: scopeLabels,
        exemplars,
        warnings,
      }),
  });
  const isUtf8 = hasUtf8Names(translationStrategy);
  const handler = (request: IncomingMessage, response: ServerResponse) =>
    answerScrape(scraper, isUtf8, request, response);
  const server = new PageServer({ ...options, host, port, path, handler });
  return {
    reader,
    withExemplars: (provider) => exemplars.around(provider),
    handler,
    listen: () => server.listen(),
    close: () => server.close(),
  };
}

function checkOptions(options: MetricsPageOptions): void {
  const { port = 0, path = '/', timeoutMs = 1, token, tokenFile, tls, constantLabels = {} } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new RangeError(`port must be 0 to 65535, not ${port}.`);
  if (!path.startsWith('/')) throw new TypeError(`path must begin with a slash, not be "${path}".`);
  if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs must be above 0, not ${timeoutMs}.`);
  if (token !== undefined && tokenFile !== undefined) throw new TypeError('token and tokenFile exclude each other.');
  // Without the token itself: what is thrown ends up in logs.
  if (token !== undefined && !isToken(token))
    throw new TypeError('token must be letters, digits and -._~+/, not empty.');
  if (tls !== undefined && !(tls.certFile && tls.keyFile)) throw new TypeError('tls needs certFile and keyFile.');
  const strategy = options.translationStrategy ?? translationStrategies[0];
  if (!translationStrategies.includes(strategy)) {
    throw new TypeError(`translationStrategy must be one of ${translationStrategies.join(', ')}, not "${strategy}".`);
  }
  for (const name of Object.keys(constantLabels)) {
    if (name === '' || name === 'le' || name.startsWith('__') || prometheusLabel(name) !== name) {
      throw new TypeError(
        `constantLabels: "${name}" cannot be a label in Prometheus. Use letters, digits and underscores.`,
      );
    }
  }
}
