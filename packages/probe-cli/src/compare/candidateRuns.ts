import type { Judgement } from '@benchlab-otel/analysis';
import type { ShownTelemetry } from '../presence/shownTelemetry.ts';
import type { RunResult } from '../report/result.ts';
import { middleVerdicts } from './middleVerdicts.ts';

/** What the counted runs of a candidate answer to questions that are not about the baseline. */
export class CandidateRuns {
  readonly #verdicts: RunResult['verdicts'][] = [];
  readonly #worst: { judgement: Judgement; runs: number }[] = [];
  #shown: { readonly telemetry: ShownTelemetry; readonly isPassed: boolean } | undefined;

  add({ verdicts, judgements = [], telemetry }: RunResult): void {
    this.#verdicts.push(verdicts);
    for (const [index, judgement] of judgements.entries()) this.#judge(index, judgement);
    if (telemetry === undefined || this.#shown?.isPassed === false) return;
    this.#shown = { telemetry, isPassed: judgements.every(({ outcome }) => outcome === 'pass') };
  }

  /** On budgets without a baseline: of the run in the middle. */
  get verdicts(): RunResult['verdicts'] {
    return middleVerdicts(this.#verdicts);
  }

  /** On expectations: of the worst run, because what a program shows must not depend on noise. */
  get judgements(): readonly Judgement[] {
    const all = this.#verdicts.length;
    return this.#worst.map(({ judgement, runs }) => {
      const { outcome, reason } = judgement;
      if (outcome === 'pass') return judgement;
      return {
        ...judgement,
        reason: `in ${runs} of ${all} runs of the candidate${reason === undefined ? '' : `: ${reason}`}`,
      };
    });
  }

  /** The telemetry of the first run that did not meet an expectation, else of the last one. */
  get telemetry(): ShownTelemetry | undefined {
    return this.#shown?.telemetry;
  }

  #judge(index: number, judgement: Judgement): void {
    const worst = this.#worst[index];
    const difference = worst === undefined ? -1 : ranks[judgement.outcome] - ranks[worst.judgement.outcome];
    if (difference < 0) this.#worst[index] = { judgement, runs: 1 };
    else if (worst !== undefined && difference === 0) worst.runs++;
  }
}

const ranks = { fail: 0, inconclusive: 1, pass: 2 } as const;
