import type { Finding } from '@benchlab-otel/lint';
import { printable } from '../report/printable.ts';
import { workflowCommand } from '../report/workflowCommand.ts';

export type LintFormat = 'text' | 'json' | 'github';

export interface LintResult {
  /** The word after `lint`. */
  readonly kind: string;
  /** Files that were looked at. */
  readonly files: number;
  /** In order. */
  readonly findings: readonly Finding[];
}

/** Findings that are printed. A file of another kind under this name can have tens of thousands. */
const maxFindings = 1000;

/** What a linter found, as text for people, as JSON, or as the commands that GitHub turns into annotations. */
export function lintReport(result: LintResult, format: LintFormat): string {
  if (format === 'json') return jsonReport(result);
  const shown = result.findings.slice(0, maxFindings);
  const left = result.findings.length - shown.length;
  const more = left === 0 ? [] : [`${left} more findings are not shown.`];
  return [...shown.map(format === 'github' ? annotation : paragraph), ...more, summary(result)].join('\n').concat('\n');
}

function paragraph({ file, line, column, severity, rule, message, fix }: Finding): string {
  const place = column === undefined ? `${line}` : `${line}:${column}`;
  return `${printable(file)}:${place} ${severity} ${rule}\n  ${printable(message)}\n  ${printable(fix)}\n`;
}

/** `2 errors and 1 warning in 14 files.` */
function summary({ files, findings }: LintResult): string {
  const read = counted(files, 'file');
  if (findings.length === 0) return `No mistakes in ${read}.`;
  const { errors, warnings } = counts(findings);
  return `${counted(errors, 'error')} and ${counted(warnings, 'warning')} in ${read}.`;
}

function jsonReport({ kind, files, findings }: LintResult): string {
  const shown = findings.slice(0, maxFindings);
  return `${JSON.stringify(
    {
      schema: 'benchlab-probe/lint',
      schemaVersion: 1,
      kind,
      files,
      ...counts(findings),
      notShown: findings.length - shown.length,
      findings: shown,
    },
    null,
    2,
  )}\n`;
}

function annotation({ file, line, column, severity, rule, message, fix }: Finding): string {
  const place = { file, line, ...(column === undefined ? {} : { col: column }), title: rule };
  return workflowCommand(severity, place, `${message} ${fix}`);
}

function counts(findings: readonly Finding[]): { readonly errors: number; readonly warnings: number } {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: findings.length - errors };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
