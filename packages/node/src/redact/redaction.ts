import type { Attributes, TextMapPropagator } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { forwardingExporter } from '../export/forwardingExporter.ts';
import { redactedFields, redactedLine, redactedLogRecord } from './redactedLogs.ts';
import { RedactedMetrics } from './redactedMetrics.ts';
import { redactedPropagator } from './redactedPropagator.ts';
import { RedactedScopes } from './redactedScopes.ts';
import { redactedSpan } from './redactedSpan.ts';
import { Redactor } from './redactor.ts';
import type { RedactRule } from './redactRule.ts';

/**
 * The last that happens to a signal before it leaves the process, at each exit. What cannot be redacted does not leave.
 */
export class Redaction {
  readonly #redactor: Redactor;
  readonly #scopes: RedactedScopes;
  readonly #metrics: RedactedMetrics;

  /** @throws OptionError that names the rule that is wrong */
  constructor(rules: readonly RedactRule[]) {
    this.#redactor = new Redactor(rules);
    this.#scopes = new RedactedScopes(this.#redactor);
    this.#metrics = new RedactedMetrics(this.#redactor, this.#scopes);
  }

  counts(): ReturnType<Redactor['counts']> {
    return this.#redactor.counts();
  }

  resource(resource: Resource): Resource {
    const { schemaUrl } = resource;
    return resourceFromAttributes(this.#redactor.attributes(resource.attributes), schemaUrl ? { schemaUrl } : {});
  }

  spans(inner: SpanExporter): SpanExporter {
    return {
      export: (spans, done) =>
        inner.export(
          this.#each(spans, 'a span', (span) => redactedSpan(span, this.#redactor, this.#scopes)),
          done,
        ),
      shutdown: () => inner.shutdown(),
      ...(inner.forceFlush && { forceFlush: () => inner.forceFlush?.() ?? Promise.resolve() }),
    };
  }

  logs(inner: LogRecordExporter): LogRecordExporter {
    return {
      export: (records, done) =>
        inner.export(
          this.#each(records, 'a log record', (record) => redactedLogRecord(record, this.#redactor, this.#scopes)),
          done,
        ),
      forceFlush: () => inner.forceFlush(),
      shutdown: () => inner.shutdown(),
    };
  }

  metrics(inner: PushMetricExporter): PushMetricExporter {
    return forwardingExporter(inner, (metrics, done: (result: ExportResult) => void) => {
      const redacted = this.collected(metrics);
      if (redacted.scopeMetrics.length > 0) inner.export(redacted, done);
      else done({ code: ExportResultCode.SUCCESS });
    });
  }

  /** What a reader has collected. */
  collected(metrics: ResourceMetrics): ResourceMetrics {
    try {
      return this.#metrics.of(metrics);
    } catch (error) {
      this.#redactor.failed('the metrics', error);
      return { resource: metrics.resource, scopeMetrics: [] };
    }
  }

  /** The labels of a series. */
  labels(attributes: Attributes): Attributes {
    return this.#metrics.labels(attributes);
  }

  /** A text by the name of its place. */
  text(text: string, place: string): string {
    return this.#redactor.text(text, place);
  }

  /** A log line; undefined where nothing of it may be written. */
  line(line: string): string | undefined {
    try {
      return redactedLine(line, this.#redactor);
    } catch (error) {
      return this.#redactor.failed('a log line', error);
    }
  }

  /** An event of the stream. Throws where it cannot be redacted. */
  event<E>(event: E): E {
    return redactedFields(event, this.#redactor) as E; // its required fields stay
  }

  propagator(inner: TextMapPropagator): TextMapPropagator {
    return redactedPropagator(inner, this.#redactor);
  }

  #each<T>(items: readonly T[], what: string, redact: (item: T) => T): T[] {
    return items.flatMap((item) => {
      try {
        return [redact(item)];
      } catch (error) {
        this.#redactor.failed(what, error);
        return [];
      }
    });
  }
}
