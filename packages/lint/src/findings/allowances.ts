import type { LintFile } from '../files/lintFile.ts';
import type { Finding } from './finding.ts';

/** `# lint: allow RULE: the reason`, at the end of the line that is meant or on lines of its own above it. */
const comment = /#\s*lint:\s*allow\b[ \t]*([\w-]*)[ \t]*:?[ \t]*(.*)$/;

interface Allowance {
  readonly rule: string;
  readonly reason: string;
  readonly file: string;
  /** The line of the comment. */
  readonly line: number;
  /** The line that it is about. */
  readonly meant: number;
}

/**
 * Without the findings that a comment of their file allows. A comment without a reason, and one that allows nothing, are
 * findings themselves: the second would hide the next mistake on its line. Comments that name a rule that is not in `rules`
 * belong to another linter and are left alone.
 */
export function withoutAllowed(
  findings: readonly Finding[],
  files: readonly LintFile[],
  rules: ReadonlySet<string>,
): readonly Finding[] {
  const allowances = files.flatMap(allowancesOf).filter(({ rule }) => rule === '' || rules.has(rule));
  const used = new Set<Allowance>();
  const left = findings.filter((finding) => {
    const found = allowances.find((each) => isMeant(each, finding));
    if (found !== undefined) used.add(found);
    return found === undefined;
  });
  return [...left, ...allowances.flatMap((each) => problemOf(each, used.has(each)))];
}

function isMeant({ rule, reason, file, meant }: Allowance, finding: Finding): boolean {
  return reason !== '' && rule === finding.rule && file === finding.file && meant === finding.line;
}

function allowancesOf({ path, text }: LintFile): readonly Allowance[] {
  if (!text.includes('lint:')) return [];
  const lines = text.split('\n');
  return lines.flatMap((content, index) => {
    const match = comment.exec(content);
    if (match === null) return [];
    const [, rule = '', reason = ''] = match;
    return [{ rule, reason: reason.trim(), file: path, line: index + 1, meant: meantLine(lines, index) }];
  });
}

/** Of a comment on a line of its own: the next line that is not a comment. */
function meantLine(lines: readonly string[], index: number): number {
  const isComment = (at: number) => /^\s*#/.test(lines[at] ?? '');
  let at = index;
  while (at < lines.length && isComment(at)) at++;
  return at + 1;
}

function problemOf({ rule, reason, file, line }: Allowance, isUsed: boolean): readonly Finding[] {
  const at = { file, line, severity: 'warning' } as const;
  if (rule === '' || reason === '') {
    const message = `This comment allows ${rule === '' ? 'no rule' : rule} and gives no reason, so it allows nothing.`;
    return [{ ...at, rule: 'allow-without-reason', message, fix: 'Write # lint: allow RULE: the reason.' }];
  }
  if (isUsed) return [];
  const message = `${rule} finds nothing on the line that this comment is about.`;
  return [
    { ...at, rule: 'allow-unused', message, fix: 'Remove the comment, or put it on the line above the one meant.' },
  ];
}
