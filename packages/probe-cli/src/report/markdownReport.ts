import { counted, type OperationSummary, seconds } from '@benchlab-otel/analysis';
import { type Answer, answersOf } from './answer.ts';
import { energyNotes } from './energyNotes.ts';
import { energyTable } from './energyTable.ts';
import { endText } from './headline.ts';
import { code, codeBlock, tableOf } from './markdown.ts';
import { exitCodeOfRun, type RunResult } from './result.ts';

/** Operations shown; the JSON report has all of them. */
const maxRows = 1_000;

/**
 * The report as GitHub Flavored Markdown: for a step summary, a comment on a pull request, a wiki. Text that comes from the
 * program stands in code and does nothing there.
 *
 * The command line is left out: arguments can hold secrets, and such a text is read by more people than a log.
 */
export function markdownReport(result: RunResult): string {
  const answers = answersOf(result);
  const sections = [
    [`## benchlab-probe run: ${headline(result, answers)}`],
    [`The program ran for ${seconds(result.durationSeconds)} and ended with ${endText(result.child)}.`],
    answerTable(answers),
    operationTable(result.operations),
    (result.noSpanCauses ?? []).map((cause) => `- ${code(cause)}`),
    energySection(result),
    footList(result),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** `1 of 3 failed, 1 undecided (exit code 99)` */
function headline(result: RunResult, answers: readonly Answer[]): string {
  const having = (outcome: Answer['outcome']) => answers.filter((answer) => answer.outcome === outcome).length;
  const [failed, open] = [having('fail'), having('inconclusive')];
  const parts = [
    ...(failed > 0 ? [`${failed} of ${answers.length} failed`] : []),
    ...(open > 0 ? [`${open} of ${answers.length} undecided`] : []),
    ...(failed + open === 0 ? [answers.length === 0 ? 'no budgets' : `all ${answers.length} passed`] : []),
  ];
  return `${parts.join(', ')} (exit code ${exitCodeOfRun(result)})`;
}

const marks = { pass: '✅ pass', fail: '❌ fail', inconclusive: '⚠️ inconclusive' } as const;

function answerTable(answers: readonly Answer[]): readonly string[] {
  if (answers.length === 0) return [];
  return tableOf(
    ['verdict', 'question', 'what was seen'],
    answers.map(({ outcome, name, facts }) => [marks[outcome], code(name), code(facts.join(', '))]),
  );
}

function operationTable(operations: readonly OperationSummary[]): readonly string[] {
  if (operations.length === 0) return ['**No span arrived.**'];
  const shown = operations.slice(0, maxRows);
  const more = operations.length - shown.length;
  const lines = tableOf(
    ['operation', 'calls', 'errors', 'p50', 'p90', 'p95', 'p99', 'max'],
    shown.map(({ label, calls, errors, p50Seconds, p90Seconds, p95Seconds, p99Seconds, maxSeconds }) => [
      code(label),
      ...[calls, errors].map(String),
      ...[p50Seconds, p90Seconds, p95Seconds, p99Seconds, maxSeconds].map(seconds),
    ]),
  );
  return [
    ...lines,
    ...(more > 0 ? ['', `and ${counted(more, 'more operation')}: the JSON report has all of them`] : []),
  ];
}

/** As on a terminal: its columns need an explanation, and have it below. */
function energySection(result: RunResult): readonly string[] {
  const table = energyTable(result.operations.slice(0, maxRows));
  const notes = energyNotes(result);
  if (table.length + notes.length === 0) return [];
  return ['<details><summary>Energy</summary>', '', ...codeBlock([...table, '', ...notes]), '', '</details>'];
}

function footList({ received, troubles, notes }: RunResult): readonly string[] {
  return [
    `- received: ${counted(received.spans, 'span')}, ${counted(received.metrics, 'metric')}, ${counted(received.logRecords, 'log record')} over OTLP`,
    ...troubles.map((trouble) => `- trouble: ${code(trouble)}`),
    ...notes.map((note) => `- note: ${code(note)}`),
  ];
}
