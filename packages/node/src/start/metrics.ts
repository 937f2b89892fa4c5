import { BenchlabError } from '@benchlab-otel/core';
import type { Attributes, MeterProvider } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { fitsCells } from '../cells/cellMeters.ts';
import { workerAnswers } from '../cluster/workerAnswers.ts';
import { labelledBy } from '../collect/constantLabels.ts';
import { metering } from '../collect/metering.ts';
import { namedBySetting, type PageSettings } from '../config/metricsPageConfig.ts';
import { enrichedMeterProvider, type PointFields } from '../enrich/enrichedMeterProvider.ts';
import { registerMetrics } from '../lifecycle/globals.ts';
import type { MetricsPage } from '../page/metricsPage.ts';
import type { WithLogs } from './logs.ts';
import type { Running } from './teardown.ts';

/** The state of a start whose spans and metrics are registered, and whose page listens. */
export interface WithMetrics extends WithLogs {
  /** The address of the page; undefined without one. */
  readonly metricsUrl: string | undefined;
}

/** Opens the metrics page and registers the metrics of the process. Rejects when the page cannot listen. */
export async function startMetrics(logged: WithLogs, running: Running): Promise<WithMetrics> {
  const { config, page, producers, cells, exports, resource, enrichers, selfMetrics, logger } = logged;
  const { metrics } = exports;
  running.page = page;
  const metricsUrl = config.metricsPage && (await listening(page, config.metricsPage.settings, logger));
  const provider = metering({
    resource,
    constantLabels: logged.constantLabels,
    intervalMs: config.metricExportIntervalMs,
    timeoutMs: config.metricExportTimeoutMs,
    page: page.reader,
    producers,
    ...(metrics && { exporter: metrics }),
    toConsole: config.console.metrics,
    redaction: logged.redaction,
  });
  running.metering = provider;
  const hasCells = metrics === undefined || fitsCells(metrics.exporter);
  const watched = page.callbacks.around(provider);
  selfMetrics.add(page.callbacks);
  const metered: MeterProvider = hasCells ? cells.around(watched) : watched;
  const withExemplars = config.hasExemplars ? page.withExemplars(metered) : metered;
  // The telemetry's metrics of itself get no fields.
  const fields: PointFields = (name: string, attributes: Readonly<Attributes>) =>
    name.startsWith('otel.sdk.') ? {} : enrichers.fields({ kind: 'metric', name, attributes });
  running.undo.push(
    registerMetrics(enrichers.hasFieldsFor('metric') ? enrichedMeterProvider(withExemplars, fields) : withExemplars),
  );
  // The page of the primary has its own labels of the process, and not what enrichers of this worker add.
  const fieldsOfWorker = enrichers.constantFields('metric');
  const labelled = labelledBy(logged.redaction?.labels(fieldsOfWorker) ?? fieldsOfWorker);
  const worker = workerAnswers(async (given) => {
    const { resourceMetrics, errors } = await page.reader.collect(given);
    return { resourceMetrics: labelled(resourceMetrics), errors };
  });
  if (worker) {
    running.worker = worker;
    running.undo.push(worker.stop);
  }
  return { ...logged, metricsUrl };
}

/**
 * Opens the page and resolves to its URL. Options of the page have other names in `startTelemetry` and its errors. The
 * second service of a host finds the default port in use, and the second process of a program the one that it shares, which
 * is not its fault: it starts, with a warning.
 */
async function listening(
  page: MetricsPage,
  settings: PageSettings,
  logger: Pick<Logger, 'warn'>,
): Promise<string | undefined> {
  try {
    return await page.listen();
  } catch (cause) {
    const error = namedBySetting(cause, settings);
    const mayBeInUse = settings.port === undefined || settings.isPortShared;
    if (!(error instanceof BenchlabError) || error.code !== 'PORT_IN_USE' || !mayBeInUse) throw error;
    logger.warn({ event: 'page.port_in_use' }, `There is no metrics page: ${error.message}`);
    return undefined;
  }
}
