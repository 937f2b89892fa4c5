import { type Budget, meanPower, type RunFigures, roleMeters } from '@benchlab-otel/analysis';
import { type EnergyRole, energyRoles } from '@benchlab-otel/core';
import type { CommandHost } from '../host/commandHost.ts';
import type { RunView } from '../presence/runView.ts';
import type { RunResult } from '../report/result.ts';
import type { EnergySettings } from '../run/measuredOperations.ts';
import { measuredRun } from '../run/measuredRun.ts';
import type { Meter } from '../run/meter.ts';
import type { ComparedProgram } from './comparedProgram.ts';
import { OutputTail } from './outputTail.ts';

/** What both programs run with. */
export interface PairSettings {
  readonly host: CommandHost;
  readonly meter?: Meter | undefined;
  readonly energy: EnergySettings;
  readonly allowSimulated: boolean;
  /** Limits that are no baseline: each run of the candidate is judged by them. */
  readonly budgets: readonly Budget[];
  /** Without a span, a run of the candidate is undecided. */
  readonly expectSpans: boolean;
  /**
   * What is wanted of a run besides its spans. The candidate is held against it, and the baseline is only observed: metrics,
   * log lines and the reading of a page cost both programs the same.
   */
  readonly newView: () => RunView | undefined;
  readonly onStarted: () => Promise<void>;
}

/** One run of one program. */
export interface ProgramRun {
  readonly result: RunResult;
  readonly figures: RunFigures;
  /** The last lines that it wrote. */
  readonly output: string;
}

/** Samples around the spans that count: those of the run before belong to the other program. Twice the slowest board's period. */
const marginSeconds = 0.2;

export async function programRun(program: ComparedProgram, settings: PairSettings): Promise<ProgramRun> {
  const { host, meter, energy, allowSimulated, budgets, expectSpans } = settings;
  const isCandidate = program.name === 'candidate';
  const view = settings.newView();
  const output = new OutputTail();
  let startedNs = 0;
  const measured = await measuredRun({
    command: program.command,
    folder: program.folder,
    host: { ...host, environment: program.environment, childOutput: output.write },
    meter,
    energy: { ...energy, marginSeconds },
    allowSimulated,
    budgets: isCandidate ? budgets : [],
    expectSpans: isCandidate && expectSpans,
    ...(view === undefined ? {} : { wanted: view }),
    onStarted: () => {
      startedNs = host.clock.nowNs();
      return settings.onStarted();
    },
  });
  const result = isCandidate && view !== undefined ? view.judged(measured) : measured;
  const { operations, received, durationSeconds, loss } = result;
  const { droppedSpans, invalidSpans, refusedSpanRequests } = received;
  const { lostSpans = 0, unsentSpans = 0 } = loss ?? {};
  return {
    result,
    figures: {
      operations,
      spansAreMissing: droppedSpans + invalidSpans + refusedSpanRequests + lostSpans + unsentSpans > 0,
      watts: meter === undefined ? {} : wattsOf(meter, startedNs, startedNs + durationSeconds * 1e9),
    },
    output: output.shown(),
  };
}

function wattsOf({ history }: Meter, fromNs: number, toNs: number): Partial<Record<EnergyRole, number>> {
  const meters = roleMeters(history);
  const watts: Partial<Record<EnergyRole, number>> = {};
  for (const role of energyRoles) {
    const source = meters[role];
    const mean = source && meanPower(history, source.id, role, fromNs, toNs);
    if (mean !== undefined) watts[role] = mean;
  }
  return watts;
}
