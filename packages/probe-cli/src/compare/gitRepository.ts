import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { systemProgram } from '@benchlab-otel/hw-receivers';
import type { CommandHost } from '../host/commandHost.ts';

const run = promisify(execFile);

/** Set in hooks of git: they would lead to another repository than that of the folder. */
const ofHooks = /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|OBJECT_DIRECTORY)$/;
/** The list of changed files of a large tree. */
const mostOutputBytes = 16 * 2 ** 20;
/** Checkout runs no hook of the user: the tree is a copy for one comparison. */
const withoutHooks = ['-c', 'core.hooksPath=/dev/null'];

/** What a baseline needs of git, in the repository of a folder. */
export interface GitRepository {
  /** Its uppermost folder. */
  readonly top: string;
  /** The commit of the working tree. */
  readonly head: string;
  /** @throws BenchlabError BAD_OPTION when there is no such commit */
  commitOf(ref: string): Promise<string>;
  /** Files that differ from the commit of the working tree, new ones included. */
  changedFiles(): Promise<number>;
  addWorktree(folder: string, commit: string): Promise<void>;
  removeWorktree(folder: string): Promise<void>;
}

/** @throws BenchlabError UNSUPPORTED without git, BAD_OPTION where the folder is in no repository */
export async function gitRepository(
  folder: string,
  { findProgram = systemProgram, environment }: Pick<CommandHost, 'findProgram' | 'environment'>,
): Promise<GitRepository> {
  const program = findProgram('git');
  if (program === undefined) {
    throw new BenchlabError('UNSUPPORTED', '--baseline-ref needs git, which is not installed.', 'Install it.');
  }
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => !ofHooks.test(name)));
  const git = async (...args: string[]) => {
    const { stdout } = await run(program, args, { cwd: folder, env, maxBuffer: mostOutputBytes });
    return stdout.trim();
  };
  const top = await git('rev-parse', '--show-toplevel').catch((error: unknown) => {
    throw wrongRef(`there is no working tree of git at ${folder}: ${lastLine(error)}`, 'Run it in the repository.');
  });
  const commit = (ref: string) => git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
  const head = await commit('HEAD').catch(() => {
    throw wrongRef(`the repository ${top} has no commit`, 'Commit first.');
  });
  return {
    top,
    head,
    commitOf: (ref) =>
      commit(ref).catch(() => {
        const fix = 'Name a commit, a branch or a tag that is here; a shallow clone (CI) needs a deeper fetch first.';
        throw wrongRef(`"${ref}" is not a commit of ${top}`, fix);
      }),
    changedFiles: async () => {
      const lines = await git('status', '--porcelain');
      return lines === '' ? 0 : lines.split('\n').length;
    },
    async addWorktree(path, wanted) {
      try {
        await git(...withoutHooks, 'worktree', 'add', '--detach', '--force', path, wanted);
      } catch (cause) {
        const what = `The tree of the baseline cannot be made in ${path}: ${lastLine(cause)}.`;
        throw new BenchlabError('UNSUPPORTED', what, 'Make room there, or set TMPDIR to a folder with room.', {
          cause,
        });
      }
    },
    async removeWorktree(path) {
      await git('worktree', 'remove', '--force', '--force', path);
    },
  };
}

function wrongRef(what: string, fix: string): BenchlabError {
  return new BenchlabError('BAD_OPTION', `--baseline-ref: ${what}.`, fix);
}

/** What git wrote, without the command line that Node puts before it. */
function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : messageOf(error);
  return text.trim().split('\n').at(-1)?.replace(/\.$/, '') ?? '';
}
