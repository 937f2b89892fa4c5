import { attributesKey } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { type AnyPoint, mergedSeries } from './mergedSeries.ts';
import type { RedactedScopes } from './redactedScopes.ts';
import type { Redactor } from './redactor.ts';

/**
 * Metrics as they may leave the process. The SDK returns the same attributes object for a series each time, so the labels
 * of a series are redacted once; series whose labels become equal are merged and counted.
 */
export class RedactedMetrics {
  readonly #redactor: Redactor;
  readonly #scopes: RedactedScopes;
  readonly #labels = new WeakMap<Attributes, Attributes>();

  constructor(redactor: Redactor, scopes: RedactedScopes) {
    this.#redactor = redactor;
    this.#scopes = scopes;
  }

  labels(attributes: Attributes): Attributes {
    const known = this.#labels.get(attributes) ?? this.#redactor.attributes(attributes);
    this.#labels.set(attributes, known);
    // Of what is already redacted nothing more is done: a page reads series that other readers have read too.
    this.#labels.set(known, known);
    return known;
  }

  /** The resource was redacted when it was made. */
  of({ resource, scopeMetrics }: ResourceMetrics): ResourceMetrics {
    let mergedSeries = 0;
    const redacted = scopeMetrics.map(({ scope, metrics }) => ({
      scope: this.#scopes.of(scope),
      metrics: metrics.map((metric) => {
        const result = this.#metric(metric);
        mergedSeries += metric.dataPoints.length - result.dataPoints.length;
        return result;
      }),
    }));
    this.#redactor.mergedSeries = mergedSeries;
    return { resource, scopeMetrics: redacted };
  }

  #metric(metric: MetricData): MetricData {
    const { descriptor } = metric;
    const name = this.#redactor.text(descriptor.name, 'metric.name');
    const description = this.#redactor.text(descriptor.description, 'metric.description');
    const isSame = name === descriptor.name && description === descriptor.description;
    const given: readonly AnyPoint[] = metric.dataPoints;
    const points = given.map((point) => {
      const attributes = this.labels(point.attributes);
      return attributes === point.attributes ? point : { ...point, attributes };
    });
    const isUnchanged = points.every((point, k) => point === given[k]);
    if (isSame && isUnchanged) return metric;
    // The kind of point stays that of the metric, which the type of a spread union does not show.
    return {
      ...metric,
      descriptor: { ...descriptor, name, description },
      dataPoints: isUnchanged ? given : merged(points, metric.dataPointType),
    } as MetricData;
  }
}

function merged(points: readonly AnyPoint[], type: MetricData['dataPointType']): readonly AnyPoint[] {
  const bySeries = new Map<string, AnyPoint>();
  for (const point of points) {
    const key = attributesKey(point.attributes);
    const known = bySeries.get(key);
    bySeries.set(key, known === undefined ? point : mergedSeries(known, point, type));
  }
  return [...bySeries.values()];
}
