import type { Attributes } from '@opentelemetry/api';
import type { MetricFamilies } from '../contracts/metricFamily.ts';
import type { PollReport } from '../contracts/receiver.ts';
import { attribute } from '../registry/attributes.ts';
import {
  benchlabReceiverDuration,
  benchlabReceiverFailures,
  benchlabReceiverMissed,
  benchlabReceiverPolls,
} from '../registry/metrics.ts';

const nsPerS = 1e9;
const outcomes = ['success', 'partial', 'failure', 'no_data'] as const;

/** What one receiver says of its own polls. All outcomes are there from the first poll on, so that rates see the first. */
export class ReceiverSeries {
  readonly #attributes: Attributes;
  readonly #polls: readonly { outcome: PollReport['outcome']; attributes: Attributes; count: number }[];
  /** By the code of the error, which is one of a closed set. */
  readonly #failures = new Map<string, { readonly attributes: Attributes; count: number }>();
  #missed = 0;
  #durationNs = 0;

  constructor(receiver: string) {
    this.#attributes = { [attribute.receiverName]: receiver };
    this.#polls = outcomes.map((outcome) => ({
      outcome,
      attributes: { ...this.#attributes, [attribute.pollOutcome]: outcome },
      count: 0,
    }));
  }

  polled(report: PollReport): void {
    for (const polls of this.#polls) if (polls.outcome === report.outcome) polls.count += 1;
    if (report.error !== undefined && report.outcome !== 'no_data') this.#failed(report.error.code);
    this.#missed += report.missed;
    this.#durationNs = report.durationNs;
  }

  collect(startNs: number, families: MetricFamilies): void {
    for (const { attributes, count } of this.#polls) families.add(benchlabReceiverPolls, attributes, count, startNs);
    for (const { attributes, count } of this.#failures.values()) {
      families.add(benchlabReceiverFailures, attributes, count, startNs);
    }
    families.add(benchlabReceiverMissed, this.#attributes, this.#missed, startNs);
    families.add(benchlabReceiverDuration, this.#attributes, this.#durationNs / nsPerS);
  }

  #failed(code: string): void {
    let failures = this.#failures.get(code);
    if (failures === undefined) {
      failures = { attributes: { ...this.#attributes, [attribute.errorType]: code }, count: 0 };
      this.#failures.set(code, failures);
    }
    failures.count += 1;
  }
}
