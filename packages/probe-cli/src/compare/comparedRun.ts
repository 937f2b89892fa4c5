import type { CommandHost } from '../host/commandHost.ts';
import { uninterrupted } from '../host/ending.ts';
import type { RunResult } from '../report/result.ts';
import { comparedPrograms, type NamedBaseline } from './comparedPrograms.ts';
import type { ComparisonRequest } from './comparisonRequest.ts';
import { watchMachine } from './machineState.ts';
import type { PairSettings } from './pairRunner.ts';
import { Pairs } from './pairs.ts';
import { Progress } from './progress.ts';

export interface ComparedRunOptions extends Omit<PairSettings, 'host'> {
  readonly command: readonly string[];
  readonly request: ComparisonRequest;
  readonly baseline: NamedBaseline;
  readonly notes: readonly string[];
  /** Called with the result so far after each run. */
  readonly save: (result: RunResult) => Promise<void>;
}

/**
 * Runs a program and its baseline in pairs until every budget is decided, a bound is reached, a signal comes or one of them fails.
 * The result is that of the last run of the candidate, with the comparison. Undefined when a signal came before the first run.
 *
 * @throws BenchlabError when there is nothing to report: a program or its tree cannot be made or started
 */
export async function comparedRun(host: CommandHost, options: ComparedRunOptions): Promise<RunResult | undefined> {
  const progress = new Progress(host.terminal, host.clock);
  // Before a build, which is work of its own.
  const machine = watchMachine();
  let isInterrupted = false;
  const stopListening = host.signals.listen(() => {
    isInterrupted = true;
  });
  try {
    const { command, request, baseline } = options;
    const report = (text: string) => progress.message(text);
    const programs = await comparedPrograms(command, request, baseline, host, report).catch((error: unknown) => {
      // A build that a signal ended is not one that fails.
      if (isInterrupted) return undefined;
      throw error;
    });
    if (programs === undefined) return undefined;
    try {
      return await new Pairs(host, options, {
        programs,
        progress,
        machine: () => machine.state(),
        isInterrupted: () => isInterrupted,
      }).run();
    } finally {
      await uninterrupted(host.signals, () => programs.remove());
    }
  } finally {
    stopListening();
    progress.close();
  }
}
