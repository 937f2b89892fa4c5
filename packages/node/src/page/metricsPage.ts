import type { IncomingMessage, ServerResponse } from 'node:http';
import { createReport, createReportOnce, knownOptions } from '@benchlab-otel/core';
import type { MeterProvider } from '@opentelemetry/api';
import type { MetricReader, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { boundedProducer } from '../collect/boundedProducer.ts';
import { CallbackWatch } from '../collect/callbackWatch.ts';
import { type ExemplarRedaction, Exemplars } from './exemplars.ts';
import { metricsServer } from './metricsServer.ts';
import { NameOwners } from './nameOwners.ts';
import type { Escaping } from './pageFormat.ts';
import { hasUtf8Names, pageNames } from './pageNames.ts';
import { checkPageOptions, type MetricsPageOptions, pageDefaults, pageOptionNames } from './pageOptions.ts';
import { PageReader } from './pageReader.ts';
import { PageText, type PageTextOptions } from './pageText.ts';
import { answerScrape } from './scrapeAnswer.ts';
import { Scraper } from './scraper.ts';
import { WaitingAnswers } from './waitingAnswers.ts';

/** The metrics of a MeterProvider as a page that Prometheus scrapes. */
export interface MetricsPage {
  /** Give it to the MeterProvider, which also shuts it down. */
  readonly reader: MetricReader;
  /**
   * A provider around `provider` that also remembers in which sampled spans its histograms and counters were recorded:
   * the page shows them as exemplars in OpenMetrics. Register it instead of `provider`. Without it there are no
   * exemplars, and they cost nothing.
   */
  withExemplars(provider: MeterProvider): MeterProvider;
  /**
   * Names the metrics whose observable callbacks do not answer, and leaves them out at once from then on: register
   * `page.callbacks.around(provider)`. Without it each scrape waits for them for half of its time.
   */
  readonly callbacks: CallbackWatch;
  /** Starts the page's own server. Resolves to the page's URL; rejects with `BenchlabError` PORT_IN_USE or PAGE_UNPROTECTED. */
  listen(): Promise<string>;
  /** Stops the server, although clients may keep their connections. May be called before `listen` and repeatedly. */
  close(): Promise<void>;
  /** Answers a scrape in your own server, at any path. Never throws. */
  handler(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * Makes a metrics page, in the text format or in OpenMetrics, as the scraper asks. Series have the same names and labels
 * as over OTLP.
 *
 * @throws OptionError for an option with a value that is not allowed
 * @example
 * const page = metricsPage({ port: 0 });
 * const provider = new MeterProvider({ readers: [page.reader] });
 * await page.listen(); // 'http://127.0.0.1:43817/metrics'
 */
export function metricsPage(options: MetricsPageOptions = {}): MetricsPage {
  return redactedPage(options);
}

/** What a page may show of what was collected. */
export interface PageRedaction extends ExemplarRedaction {
  collected(metrics: ResourceMetrics): ResourceMetrics;
}

/** @param redaction undefined shows all */
export function redactedPage(options: MetricsPageOptions, redaction?: PageRedaction): MetricsPage {
  knownOptions<MetricsPageOptions>('metricsPage', options, pageOptionNames);
  checkPageOptions(options);
  const { host = pageDefaults.host, port = pageDefaults.port, path = pageDefaults.path } = options;
  const { timeoutMs = pageDefaults.timeoutMs, translationStrategy = pageDefaults.translationStrategy } = options;
  const { constantLabels = {}, scopeLabels = false } = options;
  const reader = new PageReader(
    (options.metricProducers ?? []).map(boundedProducer),
    redaction && ((metrics) => redaction.collected(metrics)),
  );
  const callbacks = new CallbackWatch();
  const exemplars = new Exemplars(redaction);
  const report = createReportOnce('metrics page');
  const namesBy = new Map<Escaping, Pick<PageTextOptions, 'names' | 'owners'>>();
  const namesOf = (escaping: Escaping) => {
    const names = pageNames(translationStrategy, escaping);
    const known = namesBy.get(escaping) ?? { names, owners: new NameOwners(names) };
    namesBy.set(escaping, known);
    return known;
  };
  const scraper = new Scraper(reader, {
    timeoutMs,
    report,
    takeUnanswered: (limitMs) => callbacks.takeUnanswered(limitMs),
    textOf: ({ isOpenMetrics, escaping }) =>
      new PageText({
        isOpenMetrics,
        ...namesOf(escaping),
        constantLabels,
        hasScopeLabels: scopeLabels,
        exemplars,
        report,
      }),
  });
  const trouble = createReport('metrics page');
  const parts = { scraper, waiting: new WaitingAnswers(trouble), hasUtf8Names: hasUtf8Names(translationStrategy) };
  const handler = (request: IncomingMessage, response: ServerResponse) => answerScrape(parts, request, response);
  const server = metricsServer({ ...options, host, port, path, handler, report: trouble });
  return {
    reader,
    withExemplars: (provider) => exemplars.around(provider),
    callbacks,
    handler,
    listen: async () => `${await server.listen()}${path}`,
    close: () => server.close(),
  };
}
