import type { Judgement, SpanLoss, Verdict } from '@benchlab-otel/analysis';
import { type OperationSummary, unitScale } from '@benchlab-otel/analysis';
import type { MeasuredIdle } from '@benchlab-otel/enrichers';
import { comparisonObject } from '../compare/comparisonObject.ts';
import { energyObject } from './energyObject.ts';
import { printableLines } from './printable.ts';
import { exitCodeOfRun, type RunResult } from './result.ts';

/** The report for programs, as `schema/run.schema.json` describes it. Units are in the names; what is absent is null. */
export function jsonReport(result: RunResult, { withCommand = false }: { withCommand?: boolean } = {}): string {
  const { received } = result;
  const text = JSON.stringify(
    {
      schema: 'benchlab-probe/run',
      schemaVersion: 2,
      command: withCommand ? result.command : null,
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
      baseline: result.idle === undefined ? null : baselineObject(result.idle),
      calibration: result.calibration ?? null,
      received,
      loss: result.loss === undefined ? null : lossObject(result.loss),
      noSpanCauses: result.noSpanCauses ?? [],
      operations: result.operations.map(operationObject),
      budgets: result.verdicts.map(verdictObject),
      judgements: (result.judgements ?? []).map(judgementObject),
      comparison: result.comparison === undefined ? null : comparisonObject(result.comparison, withCommand),
      troubles: result.troubles,
      notes: result.notes,
    },
    undefined,
    2,
  );
  // A reader may print the file as it is.
  return `${printableLines(text)}\n`;
}

function lossObject({ lostSpans, isComplete, causes, sampling, unsentSpans }: SpanLoss): object {
  return { lostSpans, isComplete, causes, sampling: sampling ?? null, unsentSpans: unsentSpans ?? 0 };
}

/** An expectation or a comparison as the JSON reports have it. */
export function judgementObject({ kind, name, outcome, observed, limit, n, reason }: Judgement): object {
  return {
    kind,
    name,
    verdict: outcome,
    observed: observed ?? null,
    limit: limit ?? null,
    n: n ?? null,
    reason: reason ?? null,
  };
}

/** An operation as the JSON reports have it. */
export function operationObject(operation: OperationSummary): object {
  return {
    name: operation.name,
    kind: operation.kind,
    label: operation.label,
    calls: operation.calls,
    errors: operation.errors,
    meanSeconds: operation.meanSeconds,
    p50Seconds: operation.p50Seconds,
    p90Seconds: operation.p90Seconds,
    p95Seconds: operation.p95Seconds,
    p99Seconds: operation.p99Seconds,
    maxSeconds: operation.maxSeconds,
    work: operation.work ?? null,
    energy: operation.energy === undefined ? null : energyObject(operation.energy, operation.work),
  };
}

function baselineObject({ seconds, source, text, roles }: MeasuredIdle): object {
  const watts = Object.entries(roles).map(([role, power]) => [
    role,
    { meterId: power.source.id, watts: power.watts, wattsStderr: power.stderr, samples: power.samples },
  ]);
  return { seconds, source: `${source}: ${text}`, roles: Object.fromEntries(watts) };
}

/** The verdict on a budget as the JSON reports have it. */
export function verdictObject({
  budget,
  outcome,
  operation,
  observed,
  interval,
  n,
  simulated,
  reason,
}: Verdict): object {
  const scale = unitScale(budget);
  return {
    budget: budget.text,
    function: budget.function,
    operation: budget.operation,
    kind: budget.kind ?? null,
    decidedBy: operation ?? null,
    per: budget.per ?? null,
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
