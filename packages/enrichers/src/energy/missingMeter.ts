import { createReportOnce } from '@benchlab-otel/core';

/** Spans that end in this time after the first may end before the first sample of a meter that is starting. */
const startNs = 5e9;

/** Reports once that spans have no joules because no meter delivers samples, and once that one does. */
export class MissingMeter {
  readonly #report = createReportOnce('span-energy');
  #sinceNs: number | undefined;
  #isReported = false;

  /** Called at the end of each span. */
  ended(hasMeter: boolean, nowNs: number): void {
    if (hasMeter) {
      if (this.#isReported) this.#report('a meter delivers samples now: spans have joules.');
      this.#sinceNs = undefined;
      this.#isReported = false;
      return;
    }
    this.#sinceNs ??= nowNs;
    if (this.#isReported || nowNs - this.#sinceNs < startNs) return;
    this.#isReported = true;
    this.#report(
      'spans have no joules, because no meter delivers samples to the history. Give startTelemetry a receiver and the history: ' +
        'receivers: [benchlabReceiver()], consumers: [history].',
    );
  }
}
