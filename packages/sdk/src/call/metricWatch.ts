import type { Attributes } from '@opentelemetry/api';
import type { Labels } from './labels.ts';
import type { Report } from './report.ts';
import { apply, type Body, type Watch } from './watch.ts';

/** Records one point when a call has ended; `hasFailed` tells how. Sampling of spans makes no difference to it. */
export type RecordPoint = (attributes: Attributes, hasFailed: boolean) => void;

/** Follows a call with a metric. */
export class MetricWatch implements Watch {
  readonly wantsEnd = true;
  readonly #labels: Labels;
  readonly #attributes: Attributes;
  readonly #record: RecordPoint;
  readonly #report: Report;

  constructor(labels: Labels, attributes: Attributes, record: RecordPoint, report: Report) {
    this.#labels = labels;
    this.#attributes = attributes;
    this.#record = record;
    this.#report = report;
  }

  step(body: Body, self: unknown, args: readonly unknown[]): unknown {
    return apply(body, self, args);
  }

  returned(): void {
    this.end();
  }

  end(): void {
    try {
      this.#record(this.#attributes, false);
    } catch (error) {
      this.#report('a point could not be recorded.', error);
    }
  }

  fail(error: unknown): void {
    try {
      this.#record(this.#labels.ofFailure(this.#attributes, error), true);
    } catch (trouble) {
      this.#report('a point could not be recorded.', trouble);
    }
  }
}
