import { counted } from '@benchlab-otel/analysis';
import type { CommandHost } from '../host/commandHost.ts';
import { printable } from '../report/printable.ts';
import { type BaselineTree, baselineTree, refuseFilesOf } from './baselineTree.ts';
import { type ComparedProgram, shellCommand } from './comparedProgram.ts';
import type { BaselineName } from './comparison.ts';
import type { ComparisonRequest } from './comparisonRequest.ts';
import { type GitRepository, gitRepository } from './gitRepository.ts';
import { prepareTree, type Tree } from './prepareTree.ts';

/** Both programs, ready to run. */
export interface ComparedPrograms {
  readonly candidate: ComparedProgram;
  readonly baseline: ComparedProgram;
  /** Removes the tree of the baseline. */
  remove(): Promise<void>;
}

/** What is known of the baseline before anything is started. */
export interface NamedBaseline {
  readonly name: BaselineName;
  readonly repository?: GitRepository;
  /** What the reader should know of it. */
  readonly notes: readonly string[];
}

/** @throws BenchlabError where the ref, or the repository, is not there */
export async function namedBaseline(
  { baseline }: ComparisonRequest,
  command: readonly string[],
  host: CommandHost,
): Promise<NamedBaseline> {
  if (baseline.kind === 'command') return { name: baseline, notes: [] };
  const repository = await gitRepository(process.cwd(), host);
  refuseFilesOf(repository.top, command);
  const [commit, changedFiles] = [await repository.commitOf(baseline.ref), await repository.changedFiles()];
  const name = { ...baseline, commit, candidateCommit: repository.head, changedFiles };
  return { name, repository, notes: notesOf(name) };
}

function notesOf({ ref, commit, candidateCommit, changedFiles }: BaselineName & { kind: 'ref' }): readonly string[] {
  if (changedFiles > 0) {
    const files = counted(changedFiles, 'file');
    return [`the working tree is not clean: the candidate is ${short(candidateCommit)} with ${files} changed or new`];
  }
  return commit === candidateCommit
    ? [`${printable(ref)} is the commit of the working tree: both programs are the same`]
    : [];
}

/** Checks out the baseline where it is a ref, and runs `--prepare` in each tree. On an error, nothing of it is left. */
export async function comparedPrograms(
  command: readonly string[],
  { prepare }: ComparisonRequest,
  { name, repository }: NamedBaseline,
  host: CommandHost,
  report: (text: string) => void,
): Promise<ComparedPrograms> {
  const { environment } = host;
  const tree =
    name.kind === 'ref' && repository !== undefined
      ? await baselineTree(repository, name.commit, process.cwd(), environment)
      : undefined;
  try {
    if (prepare !== undefined) {
      for (const each of treesOf(name, tree, environment)) {
        report(`preparing ${each.name}: ${prepare}`);
        await prepareTree(prepare, each, host);
      }
    }
  } catch (error) {
    await tree?.remove();
    throw error;
  }
  return {
    candidate: { name: 'candidate', command, environment },
    baseline: baselineProgram(name, tree, command, environment),
    remove: async () => tree?.remove(),
  };
}

function treesOf(name: BaselineName, tree: BaselineTree | undefined, environment: NodeJS.ProcessEnv): readonly Tree[] {
  const own = { name: 'the working tree', folder: process.cwd(), environment };
  if (tree === undefined || name.kind !== 'ref') return [own];
  return [{ ...tree, name: `the baseline ${printable(name.ref)} (${short(name.commit)})` }, own];
}

function baselineProgram(
  name: BaselineName,
  tree: BaselineTree | undefined,
  command: readonly string[],
  environment: NodeJS.ProcessEnv,
): ComparedProgram {
  if (name.kind === 'command') return { name: 'baseline', command: shellCommand(name.command), environment };
  return { name: 'baseline', command, ...(tree ?? { environment }) };
}

/** A commit as git abbreviates it by default. */
export function short(commit: string): string {
  return commit.slice(0, 7);
}
