import { ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { attempt } from './attempt.ts';
import type { CollectorWatch } from './collectorWatch.ts';
import { forwardingExporter } from './forwardingExporter.ts';

/**
 * Reports failures to a `CollectorWatch`, and success to the SDK in every case: the SDK would only log each failure, without
 * advice. Nothing is lost: the next export carries the totals.
 */
export function watchedMetricExporter(inner: PushMetricExporter, watch: CollectorWatch): PushMetricExporter {
  return forwardingExporter(inner, (metrics, done) => {
    attempt(
      (settle) => inner.export(metrics, settle),
      (error) => {
        if (error === undefined) watch.succeeded();
        else watch.failed(error, 0);
        done({ code: ExportResultCode.SUCCESS });
      },
    );
  });
}
