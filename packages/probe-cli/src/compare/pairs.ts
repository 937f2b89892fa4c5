import { randomInt } from 'node:crypto';
import { BudgetComparison, comparisonJudgement, counted, PairOrder, runFigure } from '@benchlab-otel/analysis';
import { BenchlabError } from '@benchlab-otel/core';
import type { CommandHost } from '../host/commandHost.ts';
import type { RunResult } from '../report/result.ts';
import { CandidateRuns } from './candidateRuns.ts';
import type { ComparedPrograms } from './comparedPrograms.ts';
import type { ComparedRunOptions } from './comparedRun.ts';
import type { ComparedRun, Comparison, ComparisonEnd, ProgramName } from './comparison.ts';
import { whyOpen } from './comparisonEnd.ts';
import { type MachineState, machineNotes } from './machineState.ts';
import { type ProgramRun, programRun } from './pairRunner.ts';
import { aboutTime, type Progress } from './progress.ts';
import { Remarks } from './remarks.ts';

/** A shell exits with these when it finds no such program, or may not run it (POSIX, XCU 2.8.2). */
const notRunnable = [126, 127];

/** What a comparison works with. */
interface PairsContext {
  readonly programs: ComparedPrograms;
  readonly progress: Progress;
  readonly machine: () => MachineState;
  readonly isInterrupted: () => boolean;
}

/** Runs pairs and keeps what they showed, until the comparison ends. */
export class Pairs {
  readonly #host: CommandHost;
  readonly #options: ComparedRunOptions;
  readonly #context: PairsContext;
  readonly #comparisons: readonly BudgetComparison[];
  readonly #startedNs: number;
  readonly #runs: ComparedRun[] = [];
  readonly #remarks = new Remarks();
  readonly #candidateRuns = new CandidateRuns();
  #pairs = 0;
  #pairsStartedNs = 0;
  #last: RunResult | undefined;
  #lastOfCandidate: RunResult | undefined;
  #end: ComparisonEnd = 'running';

  constructor(host: CommandHost, options: ComparedRunOptions, context: PairsContext) {
    this.#host = host;
    this.#options = options;
    this.#context = context;
    this.#startedNs = host.clock.nowNs();
    const { budgets, margin, maxPairs } = options.request;
    const rules = { margin, tests: budgets.length, mostPairs: maxPairs };
    this.#comparisons = budgets.map((budget) => new BudgetComparison(budget, rules));
  }

  /** Undefined when a signal came before the first run. */
  async run(): Promise<RunResult | undefined> {
    const { warmupPairs, maxPairs } = this.#options.request;
    for (let k = 0; k < warmupPairs && this.#end === 'running'; k++) {
      // The baseline first: where it does not start at all, the candidate need not run.
      await this.#pair(0, false, () => undefined, `warm-up ${k + 1} of ${warmupPairs}`);
    }
    const order = new PairOrder(() => randomInt(2) / 2);
    this.#pairsStartedNs = this.#host.clock.nowNs();
    while (this.#end === 'running') {
      if (this.#pairs >= maxPairs) this.#end = 'pairs';
      else if (this.#isOutOfTime()) this.#end = 'time';
      else await this.#drawnPair(order);
    }
    return this.#last === undefined ? undefined : this.#result();
  }

  async #drawnPair(order: PairOrder): Promise<void> {
    const drawn = order.next();
    const { maxPairs } = this.#options.request;
    const title = `pair ${this.#pairs + 1} of at most ${maxPairs}`;
    await this.#pair(
      this.#pairs + 1,
      drawn.candidateFirst,
      (candidate, baseline) => {
        this.#pairs++;
        for (const comparison of this.#comparisons) {
          const [ours, theirs] = [candidate, baseline].map(({ figures }) => runFigure(comparison.budget, figures));
          if (ours !== undefined && theirs !== undefined) comparison.add(ours, theirs, drawn);
        }
        if (this.#comparisons.every(({ isOpen }) => !isOpen)) this.#end = 'decided';
      },
      title,
    );
  }

  /** Runs both programs. `done` gets them unless one failed or a signal came. */
  async #pair(
    pair: number,
    candidateFirst: boolean,
    done: (candidate: ProgramRun, baseline: ProgramRun) => void,
    title: string,
  ): Promise<void> {
    const names: readonly ProgramName[] = candidateFirst ? ['candidate', 'baseline'] : ['baseline', 'candidate'];
    const runs: Partial<Record<ProgramName, ProgramRun>> = {};
    for (const [index, name] of names.entries()) {
      if (this.#context.isInterrupted()) this.#end = 'interrupted';
      if (this.#end !== 'running') return;
      this.#context.progress.set((nowNs) => `${title}, ${name}${this.#left(nowNs)}`);
      const run = await programRun(this.#context.programs[name], { ...this.#options, host: this.#host });
      this.#keep(name, run.result);
      if (this.#context.isInterrupted()) {
        this.#end = 'interrupted';
        return;
      }
      if (run.result.child.code !== 0) {
        this.#failed(name, run, pair);
        return;
      }
      runs[name] = run;
      this.#record(name, pair, index === 0, run);
      if (index === names.length - 1 && runs.candidate && runs.baseline) done(runs.candidate, runs.baseline);
      await this.#options.save(this.#result());
    }
  }

  #keep(name: ProgramName, result: RunResult): void {
    this.#last = result;
    if (name === 'candidate') this.#lastOfCandidate = result;
    this.#remarks.add(name, result);
  }

  #record(program: ProgramName, pair: number, isFirst: boolean, { result, figures }: ProgramRun): void {
    if (program === 'candidate' && pair > 0) this.#candidateRuns.add(result);
    this.#runs.push({
      pair,
      program,
      isFirst,
      startedAt: result.startedAt,
      durationSeconds: result.durationSeconds,
      exitCode: result.child.code,
      figures: this.#comparisons.map(({ budget }) => {
        const figure = runFigure(budget, figures);
        return 'value' in figure ? figure.value : undefined;
      }),
    });
  }

  #failed(name: ProgramName, { result, output }: ProgramRun, pair: number): void {
    const { code, signal } = result.child;
    const { baseline } = this.#options.request;
    if (name === 'baseline' && baseline.kind === 'command' && this.#runs.length === 0 && notRunnable.includes(code)) {
      throw new BenchlabError(
        'BAD_OPTION',
        `--baseline-cmd "${baseline.command}" cannot be run: the shell found no such program (exit code ${code}).`,
        `It wrote:\n${output}`.trimEnd(),
      );
    }
    this.#end = `${name}-failed`;
    const how = signal === undefined ? `with exit code ${code}` : `by ${signal}`;
    const where = pair === 0 ? 'in the warm-up' : `in pair ${pair}`;
    if (name === 'baseline') this.#remarks.trouble(`the baseline ended ${how} ${where}`);
    this.#context.progress.message(`the ${name} ended ${how} ${where}${output === '' ? '' : '; it wrote:'}`);
    if (output !== '') this.#host.terminal.err(output);
  }

  #isOutOfTime(): boolean {
    const { maxSeconds } = this.#options.request;
    if (maxSeconds === undefined || this.#pairs === 0) return false;
    const nowNs = this.#host.clock.nowNs();
    return (nowNs - this.#startedNs) * 1e-9 + this.#secondsOfPair(nowNs) > maxSeconds;
  }

  #secondsOfPair(nowNs: number): number {
    return ((nowNs - this.#pairsStartedNs) * 1e-9) / Math.max(1, this.#pairs);
  }

  /** What is open, and how long it takes at most. */
  #left(nowNs: number): string {
    if (this.#pairs === 0) return '';
    const { maxPairs, maxSeconds = Number.POSITIVE_INFINITY } = this.#options.request;
    const byPairs = (maxPairs - this.#pairs) * this.#secondsOfPair(nowNs);
    const byTime = maxSeconds - (nowNs - this.#startedNs) * 1e-9;
    const open = this.#comparisons.filter(({ isOpen }) => isOpen).length;
    return `, ${counted(open, 'budget')} open, at most ${aboutTime(Math.max(0, Math.min(byPairs, byTime)))} more`;
  }

  #result(): RunResult {
    const base = this.#lastOfCandidate ?? this.#last;
    if (base === undefined) throw new TypeError('no program has run');
    const comparison = this.#comparison();
    const { command, notes, baseline } = this.#options;
    const { verdicts, judgements, telemetry } = this.#candidateRuns;
    const ofLast = `the tables are of the last run of the ${this.#lastOfCandidate === undefined ? 'baseline' : 'candidate'}`;
    return {
      ...base,
      command,
      verdicts,
      judgements: [...comparison.verdicts.map(comparisonJudgement), ...judgements],
      ...(telemetry === undefined ? {} : { telemetry }),
      comparison,
      troubles: this.#remarks.troubles,
      notes: [ofLast, ...baseline.notes, ...machineNotes(comparison.machine), ...notes, ...this.#remarks.notes],
    };
  }

  #comparison(): Comparison {
    const { request, baseline } = this.#options;
    const { warmupPairs, maxPairs, maxSeconds } = request;
    return {
      baseline: baseline.name,
      end: this.#end,
      pairs: this.#pairs,
      warmupPairs,
      maxPairs,
      ...(maxSeconds !== undefined && { maxSeconds }),
      verdicts: this.#comparisons.map((each) => each.verdict(whyOpen(this.#end, this.#pairs), this.#end !== 'running')),
      runs: [...this.#runs],
      machine: this.#context.machine(),
    };
  }
}
