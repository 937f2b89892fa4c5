import { counted, inUnitOf, type OperationSummary, seconds, type Verdict } from '@benchlab-otel/analysis';
import { energyNotes } from './energyNotes.ts';
import { energyTable } from './energyTable.ts';
import { judgementLines } from './judgementLines.ts';
import { printable, shortened } from './printable.ts';
import type { RunResult } from './result.ts';
import { table } from './table.ts';

/** The report for people: tables of latency and energy, how the joules were measured, the verdicts. */
export function textReport(result: RunResult): string {
  const sections = [
    [headline(result)],
    ...operationTables(result.operations),
    energyNotes(result),
    verdictLines(result.verdicts),
    judgementLines(result.judgements ?? []),
    footLines(result),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Operations shown; the JSON report has all of them. */
const maxRows = 50;

function headline({ command, durationSeconds, child }: RunResult): string {
  const ended = child.signal === undefined ? `exit code ${child.code}` : `ended by ${child.signal}`;
  return `benchlab-probe run: ${printable(command.join(' '))} (${seconds(durationSeconds)}, ${ended})`;
}

/** The tables of operations, also shown while the demo runs: latency, and energy where it was measured. */
export function operationTables(operations: readonly OperationSummary[]): readonly (readonly string[])[] {
  const shown = operations.slice(0, maxRows);
  return [latencyTable(shown, operations.length - shown.length), energyTable(shown)];
}

function latencyTable(operations: readonly OperationSummary[], more: number): readonly string[] {
  if (operations.length === 0) return ['No span arrived.'];
  const lines = table(
    ['operation', 'calls', 'errors', 'p50', 'p95', 'p99', 'max'],
    operations.map((operation) => [
      shortened(operation.name),
      String(operation.calls),
      String(operation.errors),
      seconds(operation.p50Seconds),
      seconds(operation.p95Seconds),
      seconds(operation.p99Seconds),
      seconds(operation.maxSeconds),
    ]),
  );
  return [...lines, ...(more > 0 ? [`and ${counted(more, 'more operation')}: --json FILE has all of them`] : [])];
}

/** One line a budget: verdict, budget, the observed figure and its interval. */
function verdictLines(verdicts: readonly Verdict[]): readonly string[] {
  const width = Math.max(...verdicts.map(({ budget }) => printable(budget.text).length));
  return verdicts.map((verdict) => {
    const { budget, outcome, observed, interval, n, simulated, reason } = verdict;
    const half = interval && (interval.high - interval.low) / 2;
    const facts = [
      observed === undefined ? 'nothing observed' : `observed ${inUnitOf(budget, observed, half)}`,
      ...(interval === undefined
        ? []
        : [`95 % interval ${inUnitOf(budget, interval.low, half)} to ${inUnitOf(budget, interval.high, half)}`]),
      `n ${n}`,
      ...(simulated ? ['on simulated readings'] : []),
      ...(reason === undefined ? [] : [printable(reason)]),
    ];
    return `${outcome.toUpperCase().padEnd(12)}  ${printable(budget.text).padEnd(width)}  ${facts.join(', ')}`;
  });
}

function footLines({ received, troubles, notes }: RunResult): readonly string[] {
  return [
    `received  ${counted(received.spans, 'span')}, ${counted(received.metrics, 'metric')}, ${counted(received.logRecords, 'log record')} over OTLP`,
    ...troubles.map((trouble) => `trouble   ${printable(trouble)}`),
    ...notes.map((note) => `note      ${printable(note)}`),
  ];
}
