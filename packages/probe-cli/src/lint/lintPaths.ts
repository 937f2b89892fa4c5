import { type Finding, inOrder, type LintKind, lint } from '@benchlab-otel/lint';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { type LintFormat, lintReport } from './lintReport.ts';
import { readLintFiles } from './readLintFiles.ts';

export interface LintRun {
  readonly kind: LintKind;
  readonly format: LintFormat;
  readonly paths: readonly string[];
}

/** Reads the files, prints what the kind finds in them, and resolves with the exit code. */
export async function lintPaths({ terminal }: CommandHost, { kind, format, paths }: LintRun): Promise<number> {
  const { files, findings: unread } = await readLintFiles(paths, kind.extensions);
  const findings: readonly Finding[] = inOrder([...unread, ...lint(kind, files)]);
  const read = files.length + new Set(unread.map(({ file }) => file)).size;
  terminal.out(lintReport({ kind: kind.name, files: read, findings }, format));
  return findings.length === 0 ? exitCode.pass : exitCode.findings;
}
