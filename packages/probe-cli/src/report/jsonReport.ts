import type { EnergySummary, Verdict } from '@benchlab-otel/analysis';
import { type OperationSummary, statedEnergy, unitScale } from '@benchlab-otel/analysis';
import { exitCodeOfRun, type RunResult } from './result.ts';

/** The report for programs, as `schema/run.schema.json` describes it. Units are in the names; what is absent is null. */
export function jsonReport(result: RunResult): string {
  const { received } = result;
  return `${JSON.stringify(
    {
      schema: 'benchlab-probe/run',
      schemaVersion: 1,
      command: result.command,
      startedAt: result.startedAt,
      durationSeconds: result.durationSeconds,
      child: { exitCode: result.child.code, signal: result.child.signal ?? null },
      exitCode: exitCodeOfRun(result),
      simulated: result.meters.some(({ simulated }) => simulated),
      meters: result.meters.map((meter) => ({
        id: meter.id,
        name: meter.name,
        simulated: meter.simulated,
        boundary: meter.boundary ?? null,
        firmware: meter.firmware ?? null,
        assumedFirmware: meter.assumedFirmware ?? null,
        samples: meter.samples,
        askedHertz: meter.askedHz ?? null,
        seenHertz: meter.seenHz ?? null,
        losses: meter.losses,
        lastLoss: meter.lastLoss ?? null,
      })),
      received,
      operations: result.operations.map(operationObject),
      budgets: result.verdicts.map(verdictObject),
      troubles: result.troubles,
      notes: result.notes,
    },
    undefined,
    2,
  )}\n`;
}

function operationObject(operation: OperationSummary): object {
  return {
    name: operation.name,
    calls: operation.calls,
    errors: operation.errors,
    p50Seconds: operation.p50Seconds,
    p95Seconds: operation.p95Seconds,
    p99Seconds: operation.p99Seconds,
    maxSeconds: operation.maxSeconds,
    energy: operation.energy === undefined ? null : energyObject(operation.energy, operation),
  };
}

function energyObject(energy: EnergySummary, operation: OperationSummary): object {
  const roles = Object.entries(statedEnergy(operation)?.roles ?? {}).map(([role, figures]) => [
    role,
    {
      joulesPerCall: figures.joules,
      joulesPerCallStderr: figures.stderr,
      totalJoules: figures.totalJoules,
      totalJoulesStderr: figures.totalStderr,
    },
  ]);
  return {
    calls: energy.calls,
    coverage: operation.energyCoverage,
    samples: energy.samples,
    boundary: energy.boundary,
    method: energy.method,
    nature: energy.nature,
    meterId: energy.source.id,
    roles: Object.fromEntries(roles),
  };
}

function verdictObject({ budget, outcome, observed, interval, n, simulated, reason }: Verdict): object {
  const scale = unitScale(budget);
  return {
    budget: budget.text,
    function: budget.function,
    operation: budget.operation,
    comparison: budget.comparison,
    verdict: outcome,
    // Observed, limit and interval are all in `unit`, as the budget was written.
    unit: budget.unit,
    limit: budget.limit / scale,
    observed: observed === undefined ? null : observed / scale,
    interval95: interval === undefined ? null : { low: interval.low / scale, high: interval.high / scale },
    n,
    simulated: simulated ?? false,
    reason: reason ?? null,
  };
}
