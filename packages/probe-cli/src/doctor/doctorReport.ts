import { counted } from '@benchlab-otel/analysis';
import { printable } from '../report/printable.ts';
import type { Diagnosis } from './diagnosis.ts';
import { type FindingId, findingIds } from './finding.ts';
import type { ObservedThread } from './program/events.ts';

export interface ReportOptions {
  readonly folder: string;
  /** Findings that are shown, and do not change the exit code. */
  readonly ignored: readonly FindingId[];
}

/** Findings for people: id, evidence, fix; then what was not looked at, and why. */
export function doctorText({ findings, notLookedAt, run }: Diagnosis, { ignored }: ReportOptions): string {
  const paragraphs = findings.map(({ id, evidence, fix }) =>
    [
      `${id}${ignored.includes(id) ? ' (ignored)' : ''}`,
      ...evidence.map((line) => `  ${printable(line)}`),
      `  Fix: ${printable(fix)}`,
      '',
    ].join('\n'),
  );
  const skipped = notLookedAt.map(
    ({ ids, because }) => `not looked at: ${ids.join(', ')}, because ${printable(because)}`,
  );
  const ended =
    run &&
    `The program ended with code ${run.exit.code}${run.exit.signal === undefined ? '' : ` (${run.exit.signal})`}.`;
  const left = new Set(notLookedAt.flatMap(({ ids }) => ids));
  const looked = findingIds.length - left.size;
  const found = findings.length === 0 ? 'No finding' : counted(findings.length, 'finding');
  const summary = `${found}. ${looked} of ${findingIds.length} kinds were looked for.`;
  return [...paragraphs, ...skipped, ...(skipped.length > 0 ? [''] : []), ...(ended ? [ended] : []), summary, ''].join(
    '\n',
  );
}

/** The same for programs: schema/doctor.schema.json. */
export function doctorJson({ findings, notLookedAt, run }: Diagnosis, { folder, ignored }: ReportOptions): string {
  const report = {
    schema: 'benchlab-probe/doctor',
    schemaVersion: 1,
    folder,
    findings: findings.map((each) => ({ ...each, ignored: ignored.includes(each.id) })),
    notLookedAt,
    ...(run && { program: { ...run.exit, processes: processesOf(run.threads) } }),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function processesOf(threads: readonly ObservedThread[]): number {
  const pids = threads.flatMap(({ events }) => events.flatMap(({ kind, pid }) => (kind === 'process' ? [pid] : [])));
  return new Set(pids).size;
}
