import type { LintFile } from '../files/lintFile.ts';
import { withoutAllowed } from './allowances.ts';
import { type Finding, inOrder } from './finding.ts';

/** What a rule finds, for the documents and for `--help`. */
export interface RuleText {
  readonly id: string;
  /** What goes wrong without it: one sentence. */
  readonly reason: string;
}

/** A linter of one kind of files: pure, from the text of all files at once to findings. */
export interface LintKind {
  /** The word after `benchlab-probe lint`. */
  readonly name: string;
  /** Of a folder, the files with these endings are read: `.yaml`. */
  readonly extensions: readonly string[];
  readonly rules: readonly RuleText[];
  /** Its files have no comments, or texts that look like them: exceptions are made in another way. */
  readonly comments?: false;
  /**
   * Gets all files, so that it can hold them against each other. Never throws because of what a file holds: what it cannot
   * read is a finding. It skips a file of another kind, unless `isNamed`.
   */
  find(files: readonly LintFile[]): readonly Finding[];
}

/** All findings of a kind: those of its rules without what comments allow, in order. */
export function lint(
  kind: Pick<LintKind, 'rules' | 'find' | 'comments'>,
  files: readonly LintFile[],
): readonly Finding[] {
  if (kind.comments === false) return inOrder(kind.find(files));
  const rules = new Set(kind.rules.map(({ id }) => id));
  return inOrder(withoutAllowed(kind.find(files), files, rules));
}
