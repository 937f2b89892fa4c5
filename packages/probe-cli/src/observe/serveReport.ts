import { counted, type ObservedSeries, type OperationSummary, type Received, seconds } from '@benchlab-otel/analysis';
import type { FileAnswers } from '../presence/fileAnswers.ts';
import { judgementObject, operationObject, verdictObject } from '../report/jsonReport.ts';
import { printable, printableLines, shortened } from '../report/printable.ts';
import { table } from '../report/table.ts';
import { answerLines, footLines, operationTables } from '../report/textReport.ts';

/** What a receiver got until its end. */
export interface ServeResult extends FileAnswers {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly received: Received;
  readonly operations: readonly OperationSummary[];
  readonly series: readonly ObservedSeries[];
  readonly troubles: readonly string[];
  readonly notes: readonly string[];
}

/** Series shown; the JSON report has all of them. */
const maxRows = 50;

/** The report for people: tables of latency and of series, what arrived. */
export function serveText(result: ServeResult): string {
  const { durationSeconds, operations, series } = result;
  const sections = [
    [`benchlab-probe serve: ${seconds(durationSeconds)}`],
    ...operationTables(operations),
    seriesTable(series),
    answerLines(result),
    footLines(result),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function seriesTable(series: readonly ObservedSeries[]): readonly string[] {
  if (series.length === 0) return [];
  const rows = series
    .slice(0, maxRows)
    .map(({ name, type, unit, points }) => [shortened(name), type, printable(unit ?? '-'), String(points.length)]);
  const more = series.length - rows.length;
  return [
    ...table(['series', 'type', 'unit', 'points'], rows),
    ...(more > 0 ? [`and ${counted(more, 'more name')}: --json FILE has all of them`] : []),
  ];
}

/** The report for programs, as `schema/serve.schema.json` describes it. What is absent is null. */
export function serveJson({ startedAt, durationSeconds, received, operations, series, ...rest }: ServeResult): string {
  const report = {
    schema: 'benchlab-probe/serve',
    schemaVersion: 1,
    startedAt,
    durationSeconds,
    received,
    operations: operations.map(operationObject),
    series: series.map(({ name, type, unit, points }) => ({
      name,
      type,
      unit: unit ?? null,
      points: points.map(({ labels, value, first, delta, sum, exemplars }) => ({
        labels,
        value: numberOrText(value),
        first: first === undefined ? null : numberOrText(first),
        delta: delta === undefined ? null : numberOrText(delta),
        sum: sum === undefined ? null : numberOrText(sum),
        exemplars,
      })),
    })),
    budgets: rest.verdicts.map(verdictObject),
    judgements: rest.judgements.map(judgementObject),
    troubles: rest.troubles,
    notes: rest.notes,
  };
  // A reader may print the file as it is.
  return `${printableLines(JSON.stringify(report, undefined, 2))}\n`;
}

/** JSON has no infinity and no NaN: as Prometheus writes them. */
function numberOrText(value: number): number | string {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
