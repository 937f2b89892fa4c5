import cluster from 'node:cluster';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BenchlabError, type Clock, systemClock } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import { MeterProvider, type MetricProducer } from '@opentelemetry/sdk-metrics';
import { collectedProducer } from '../collect/collectedProducer.ts';
import { SelfMetrics } from '../collect/selfMetrics.ts';
import { givenAttributes } from '../config/givenAttributes.ts';
import { telemetryResource } from '../config/resource.ts';
import type { Telemetry } from '../config/telemetryOptions.ts';
import { metricsPage } from '../page/metricsPage.ts';
import type { MetricsPageOptions } from '../page/pageOptions.ts';
import { Workers } from './workers.ts';

export interface ClusterMetricsOptions extends Omit<MetricsPageOptions, 'metricProducers'> {
  /** The telemetry of the primary itself, whose points are added to those of the workers. */
  readonly telemetry?: Pick<Telemetry, 'collectMetrics'>;
  /** Attributes of `target_info`, in addition to those of OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES. */
  readonly resourceAttributes?: Attributes;
  readonly clock?: Clock;
}

/** The metrics page of a cluster. */
export interface ClusterMetrics {
  /** The address of the page. */
  readonly metricsUrl: string;
  /** Answers a scrape in a server of your own. */
  handler(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

const timeoutMs = 5_000;

/**
 * Serves one page for all workers of a cluster, in the primary. Each worker calls `startTelemetry({ metricsPage: false })`
 * and answers over the channel of the cluster. Counters, up-down counters and histograms are added up, gauges have the
 * label `pid`. Rejects with `BenchlabError` when this process is a worker or the page cannot listen.
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
  const { telemetry, resourceAttributes = {}, clock = systemClock, ...pageOptions } = options;
  const workers = new Workers();
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
  const page = metricsPage({ ...pageOptions, metricProducers: [producer] });
  const given = givenAttributes({ resourceAttributes }, process.env);
  const provider = new MeterProvider({ resource: telemetryResource(given), readers: [page.reader] });
  const close = async (): Promise<void> => {
    workers.close();
    await Promise.all([page.close(), provider.shutdown()]);
  };
  try {
    return { metricsUrl: await page.listen(), handler: page.handler, close };
  } catch (error) {
    await close();
    throw error;
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
