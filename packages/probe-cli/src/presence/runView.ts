import { type Expectations, judgeExpectations, type Observed } from '@benchlab-otel/analysis';
import type { WantedObservation } from '../observe/wantedObservation.ts';
import type { RunResult } from '../report/result.ts';
import { lostOf } from './lostOf.ts';

/** What one run showed of itself, held against what was expected of it. */
export class RunView implements WantedObservation {
  readonly #expectations: Expectations | undefined;
  /** Empty until the run has ended. */
  observed: Observed = { series: [], spans: [], logs: [] };

  constructor(expectations?: Expectations) {
    this.#expectations = expectations;
  }

  /** Without expectations, all that comes until the end is wanted. */
  satisfied(observed: Observed): boolean {
    if (this.#expectations === undefined) return false;
    // Spans and log records come by themselves; a page is read for its series.
    const { series } = this.#expectations;
    return judgeExpectations({ series, spans: [], logs: [] }, observed).every(({ outcome }) => outcome === 'pass');
  }

  ended(observed: Observed): void {
    this.observed = observed;
  }

  /** The result with what was shown, and with a judgement for each expectation. */
  judged(result: RunResult): RunResult {
    const { startedAt, received, loss, judgements = [] } = result;
    const { observed } = this;
    const lost = lostOf({ received, loss, observed });
    const answers = this.#expectations === undefined ? [] : judgeExpectations(this.#expectations, observed, lost);
    return {
      ...result,
      judgements: [...judgements, ...answers],
      telemetry: { observed, startedAt, lost },
    };
  }
}
