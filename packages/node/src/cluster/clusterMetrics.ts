import cluster from 'node:cluster';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  BenchlabError,
  type Clock,
  createReportOnce,
  knownOptions,
  type OptionNames,
  systemClock,
} from '@benchlab-otel/core';
import { emptyResource } from '@opentelemetry/resources';
import { MeterProvider, type MetricProducer } from '@opentelemetry/sdk-metrics';
import { collectedProducer } from '../collect/collectedProducer.ts';
import { SelfMetrics } from '../collect/selfMetrics.ts';
import { telemetryResource } from '../config/resource.ts';
import type { Telemetry } from '../config/telemetryOptions.ts';
import { metricsPage } from '../page/metricsPage.ts';
import { pageOptionNames } from '../page/pageOptions.ts';
import { type ClusterPageOptions, clusterConfig } from './clusterConfig.ts';
import { Workers } from './workers.ts';

export interface ClusterMetricsOptions extends ClusterPageOptions {
  /** The telemetry of the primary itself, whose points are added to those of the workers. */
  readonly telemetry?: Pick<Telemetry, 'collectMetrics'>;
  readonly clock?: Clock;
}

/** The metrics page of a cluster. */
export interface ClusterMetrics {
  /** The address of the page; undefined where the environment wants none, as by OTEL_SDK_DISABLED=true. */
  readonly metricsUrl: string | undefined;
  /** Answers a scrape in a server of your own. */
  handler(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

const timeoutMs = 5_000;

const { metricProducers: _, ...pageNames } = pageOptionNames;
const optionNames: OptionNames<ClusterMetricsOptions> = {
  ...pageNames,
  serviceName: true,
  serviceVersion: true,
  environment: true,
  node: true,
  resourceAttributes: true,
  env: true,
  telemetry: true,
  clock: true,
};

/**
 * Serves one page for all workers of a cluster, in the primary. Each worker calls `startTelemetry({ metricsPage: false })`
 * and answers over the channel of the cluster. Counters, up-down counters and histograms are added up, gauges have the
 * label `pid`. Rejects with `BenchlabError` when this process is a worker, an option or a variable is wrong, or the page
 * cannot listen.
 *
 * @example
 * if (cluster.isPrimary) {
 *   await clusterMetrics({ port: 9464 });
 *   for (let k = 0; k < 4; k++) cluster.fork();
 * } else await startTelemetry({ metricsPage: false });
 */
export async function clusterMetrics(options: ClusterMetricsOptions = {}): Promise<ClusterMetrics> {
  if (!cluster.isPrimary) {
    const what = 'clusterMetrics() was called in a worker of a cluster.';
    throw new BenchlabError('BAD_OPTION', what, 'Call it in the primary, and startTelemetry() in the workers.');
  }
  knownOptions<ClusterMetricsOptions>('clusterMetrics', options, optionNames);
  const { telemetry, clock = systemClock, ...pageOptions } = options;
  const config = clusterConfig(pageOptions);
  const report = createReportOnce('cluster page');
  for (const warning of config.warnings) report(warning);
  if (config.isDisabled) {
    const { handler, close } = metricsPage(config.page);
    return { metricsUrl: undefined, handler, close };
  }
  const workers = new Workers(report);
  const self = new SelfMetrics(clock.nowNs());
  self.add(workers);
  const counts = collectedProducer([self], clock);
  const producer: MetricProducer = {
    async collect(given) {
      const own = telemetry && { pid: process.pid, scopeMetrics: await ownPoints(telemetry) };
      const scopeMetrics = await workers.collect(given?.timeoutMillis ?? timeoutMs, own);
      // After the workers, so that a page has the count of the workers that it left out.
      const { resourceMetrics } = await counts.collect();
      scopeMetrics.push(...resourceMetrics.scopeMetrics);
      return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
    },
  };
  const page = metricsPage({ ...config.page, metricProducers: [producer] });
  const resource = telemetryResource(config.resourceAttributes);
  const provider = new MeterProvider({ resource, readers: [page.reader] });
  const close = async (): Promise<void> => {
    workers.close();
    await Promise.all([page.close(), provider.shutdown()]);
  };
  try {
    const metricsUrl = config.isListening ? await page.listen() : undefined;
    return { metricsUrl, handler: page.handler, close };
  } catch (error) {
    await close();
    throw config.named(error);
  }
}

/** The page of the cluster comes without the primary when that has been shut down. */
async function ownPoints({ collectMetrics }: Pick<Telemetry, 'collectMetrics'>) {
  try {
    return (await collectMetrics()).resourceMetrics.scopeMetrics;
  } catch {
    return [];
  }
}
