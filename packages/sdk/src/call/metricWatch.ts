import type { Report } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { ExpectedError } from './expected.ts';
import type { Labels } from './labels.ts';
import { apply, type Body, type Watch } from './watch.ts';

/** Records one point when a call has ended. It does not depend on the sampling of spans. */
export type RecordPoint = (attributes: Attributes, outcome: 'success' | 'failure', result?: unknown) => void;

/** The settings that a mark gives to the watches of one function. */
export interface MetricSettings {
  readonly labels: Labels;
  readonly report: Report;
  /** True for an error that is not a failure. */
  readonly isExpected: ExpectedError;
}

/** Follows a call with a metric. */
export class MetricWatch implements Watch {
  readonly wantsEnd = true;
  readonly #settings: MetricSettings;
  readonly #attributes: Attributes;
  readonly #record: RecordPoint;

  constructor(settings: MetricSettings, attributes: Attributes, record: RecordPoint) {
    this.#settings = settings;
    this.#attributes = attributes;
    this.#record = record;
  }

  step(body: Body, self: unknown, args: readonly unknown[]): unknown {
    return apply(body, self, args);
  }

  returned(result: unknown): void {
    try {
      this.#record(this.#attributes, 'success', result);
    } catch (error) {
      this.#settings.report('a point could not be recorded.', error);
    }
  }

  end(): void {
    this.returned(undefined);
  }

  close(): void {
    this.returned(undefined);
  }

  fail(error: unknown): void {
    const { labels, report, isExpected } = this.#settings;
    try {
      if (isExpected(error)) this.#record(this.#attributes, 'success');
      else this.#record(labels.ofFailure(this.#attributes, error), 'failure');
    } catch (trouble) {
      report('a point could not be recorded.', trouble);
    }
  }
}
