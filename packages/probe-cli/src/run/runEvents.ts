import { basename } from 'node:path';
import { dividedEnergy } from '@benchlab-otel/analysis';
import type { OpenEventStream } from '@benchlab-otel/node';
import type { RuntimeEvent } from '@benchlab-otel/wire';
import { exitCodeOfRun, type RunResult } from '../report/result.ts';

export const component = 'benchlab-probe';

/** The program, without its arguments, which may hold secrets. */
export function programOf(command: readonly string[]): string {
  return basename(command[0] ?? '');
}

/** What came of a run, as events of the runtime stream: each operation, each verdict, and the completion. */
export function emitResult(events: OpenEventStream['events'], result: RunResult, correlationId: string): void {
  const context = { correlation_id: correlationId };
  emitAnswers((event) => events.emit({ ...event, context }), result);
  const exitCode = exitCodeOfRun(result);
  events.emit({
    event: 'completion',
    context,
    metrics: { duration_seconds: result.durationSeconds },
    diagnostics: {
      program: programOf(result.command),
      exit_code: exitCode,
      ...(exitCode !== 0 && { error_type: `exit_${exitCode}` }),
    },
  });
}

/** Each operation, each verdict and each trouble. */
export function emitAnswers(
  emit: (event: RuntimeEvent) => void,
  {
    operations,
    verdicts,
    judgements = [],
    troubles,
  }: Pick<RunResult, 'operations' | 'verdicts' | 'judgements' | 'troubles'>,
): void {
  for (const operation of operations) {
    const system = operation.energy?.roles.system;
    const whole = system && dividedEnergy(system.whole, operation.energy?.calls ?? 0);
    emit({
      event: 'operation',
      metrics: {
        calls: operation.calls,
        errors: operation.errors,
        p50_seconds: operation.p50Seconds,
        p95_seconds: operation.p95Seconds,
        ...(whole?.kind === 'figure' && {
          joules: whole.joules,
          joules_low: whole.low,
          joules_high: whole.high,
          joules_simulated: system?.nature === 'simulated',
        }),
      },
      diagnostics: { operation: operation.label },
    });
  }
  for (const { budget, outcome, observed, reason } of verdicts) {
    emit({
      event: 'verdict',
      ...(observed !== undefined && { metrics: { observed } }),
      diagnostics: { budget: budget.text, outcome, ...(reason !== undefined && { reason }) },
    });
  }
  for (const { name, outcome, reason } of judgements) {
    emit({
      event: 'verdict',
      diagnostics: { budget: name, outcome, ...(reason !== undefined && { reason }) },
    });
  }
  for (const trouble of troubles) emit({ event: 'diagnostic', diagnostics: { trouble } });
}
