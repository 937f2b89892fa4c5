import { existsSync, realpathSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, relative, sep } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import type { GitRepository } from './gitRepository.ts';

/** The files of the baseline, in a worktree of their own. */
export interface BaselineTree {
  /** The folder in it that corresponds to ours. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Removes it, and what a build has put there. */
  remove(): Promise<void>;
}

/**
 * Checks out a commit next to the working tree. It is made in the folder for temporary files: below the repository, Node would
 * find packages of the working tree from it, and the baseline would run code of the candidate.
 *
 * @param from the folder that the command was started in
 * @throws BenchlabError when it cannot be made, or lacks that folder. Then nothing of it is left.
 */
export async function baselineTree(
  repository: GitRepository,
  commit: string,
  from: string,
  environment: NodeJS.ProcessEnv,
): Promise<BaselineTree> {
  const parent = await mkdtemp(join(realpathSync(tmpdir()), 'benchlab-baseline-'));
  const top = join(parent, 'tree');
  const remove = async () => {
    // What git refuses to remove is removed by hand; git forgets it with its next `worktree prune`.
    await repository.removeWorktree(top).catch(() => undefined);
    await rm(parent, { recursive: true, force: true });
  };
  try {
    await repository.addWorktree(top, commit);
    const inside = relative(repository.top, realpathSync(from));
    const folder = join(top, inside);
    if (!existsSync(folder)) {
      const what = `The baseline has no folder ${inside}.`;
      throw new BenchlabError('BAD_OPTION', what, 'Start benchlab-probe in a folder that both have.');
    }
    return { folder, environment: { ...moved(environment, repository.top, top), PWD: folder }, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Variables with paths in one tree, such as PATH under npx, with those of the other. */
export function moved(environment: NodeJS.ProcessEnv, from: string, to: string): NodeJS.ProcessEnv {
  const path = (one: string) => (isBelow(one, from) ? to + one.slice(from.length) : one);
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value?.split(delimiter).map(path).join(delimiter)]),
  );
}

/** An argument that names a file of the working tree by its whole path: both programs would run that file. */
export function refuseFilesOf(top: string, command: readonly string[]): void {
  const fixed = command.find((argument) => argument.split(/[=,:]/).some((part) => isBelow(part, top)));
  if (fixed === undefined) return;
  throw new BenchlabError(
    'BAD_OPTION',
    `"${fixed}" is in the working tree, so the baseline would run it, too.`,
    'Write the path from the folder that you are in.',
  );
}

function isBelow(path: string, top: string): boolean {
  return path === top || path.startsWith(top + sep);
}
