import { counted, type OperationSummary, seconds } from '@benchlab-otel/analysis';
import { comparisonLines } from '../compare/comparisonLines.ts';
import { answersOf } from './answer.ts';
import { energyNotes } from './energyNotes.ts';
import { energyTable } from './energyTable.ts';
import { printable, shortened } from './printable.ts';
import type { RunResult } from './result.ts';
import { table } from './table.ts';

/** The report for people: tables of latency and energy, how the joules were measured, the verdicts. */
export function textReport(result: RunResult): string {
  const sections = [
    [headline(result)],
    ...operationTables(result.operations),
    causeLines(result),
    energyNotes(result),
    answerLines(result),
    comparisonSection(result),
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

/**
 * The tables of operations, also shown while the demo runs: latency, and energy where it was measured.
 *
 * @param totalOf all calls of an operation since the start, where the operations are those of the newest spans alone
 */
export function operationTables(
  operations: readonly OperationSummary[],
  totalOf?: (operation: OperationSummary) => number | undefined,
): readonly (readonly string[])[] {
  const shown = operations.slice(0, maxRows);
  return [latencyTable(shown, operations.length - shown.length, totalOf), energyTable(shown)];
}

function latencyTable(
  operations: readonly OperationSummary[],
  more: number,
  totalOf?: (operation: OperationSummary) => number | undefined,
): readonly string[] {
  if (operations.length === 0) return ['No span arrived.'];
  const lines = table(
    [
      'operation',
      ...(totalOf === undefined ? ['calls'] : ['total calls', 'newest']),
      'errors',
      'p50',
      'p95',
      'p99',
      'max',
    ],
    operations.map((operation) => [
      shortened(operation.label),
      ...(totalOf === undefined ? [] : [String(totalOf(operation) ?? '-')]),
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

/** Below "No span arrived.": what to check. */
function causeLines({ noSpanCauses = [] }: RunResult): readonly string[] {
  return noSpanCauses.length === 0 ? [] : ['Check:', ...noSpanCauses.map((cause) => `- ${printable(cause)}`)];
}

/**
 * One line a budget or another question: verdict, what was asked, the observed figure and its interval. Why an expectation
 * of telemetry is not a pass stands on the line below, because it names what arrived instead.
 */
export function answerLines(result: Pick<RunResult, 'verdicts' | 'judgements'>): readonly string[] {
  const answers = answersOf(result);
  const width = Math.max(0, ...answers.map(({ name }) => shortened(name).length));
  return answers.flatMap(({ kind, outcome, name, facts, observed = '', reason }) => {
    const begin = `${outcome.toUpperCase().padEnd(12)}  ${shortened(name).padEnd(width)}`;
    if (kind !== 'presence') return [`${begin}  ${printable(facts.join(', '))}`.trimEnd()];
    const below = reason === undefined ? [] : [`${' '.repeat(14)}${printable(reason)}`];
    return [`${begin}  ${printable(observed)}`.trimEnd(), ...below];
  });
}

function comparisonSection({ comparison, meters }: RunResult): readonly string[] {
  if (comparison === undefined) return [];
  return comparisonLines(
    comparison,
    meters.some(({ simulated }) => simulated),
  );
}

/** What arrived, and what went wrong. */
export function footLines({
  received,
  troubles,
  notes,
}: Pick<RunResult, 'received' | 'troubles' | 'notes'>): readonly string[] {
  return [
    `received  ${counted(received.spans, 'span')}, ${counted(received.metrics, 'metric')}, ${counted(received.logRecords, 'log record')} over OTLP`,
    ...troubles.map((trouble) => `trouble   ${printable(trouble)}`),
    ...notes.map((note) => `note      ${printable(note)}`),
  ];
}
