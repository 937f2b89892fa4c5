import { BenchlabError } from '@benchlab-otel/core';
import { emptyResource } from '@opentelemetry/resources';
import type { CollectionResult, MetricProducer } from '@opentelemetry/sdk-metrics';

/** A producer that is left out of a collection when it does not answer in time: the reader waits for all, without end. */
export function boundedProducer(producer: MetricProducer): MetricProducer {
  return {
    async collect(options) {
      const limitMs = options?.timeoutMillis;
      if (limitMs === undefined) return producer.collect(options);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<CollectionResult>((resolve) => {
        timer = setTimeout(() => resolve(leftOut(limitMs)), limitMs);
      });
      try {
        return await Promise.race([producer.collect(options), late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function leftOut(limitMs: number): CollectionResult {
  const what = `a producer of metrics did not answer within ${limitMs} ms, and is left out.`;
  const error = new BenchlabError('TIMEOUT', what, 'Check what its collect() waits for.');
  return { resourceMetrics: { resource: emptyResource(), scopeMetrics: [] }, errors: [error] };
}
