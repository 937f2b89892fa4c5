import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Enricher, knownOptions, type OptionNames, textOption } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';

export interface GitOptions {
  /** A folder in the repository. Default: the current folder. */
  readonly folder?: string;
  /** Which variables git gets; its PATH finds it. Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

const run = promisify(execFile);
const optionNames: OptionNames<GitOptions> = { folder: true, env: true };

/** Less than the start of the telemetry waits, so that git does not run on without a reader, ms. */
const limitMs = 900;
/** The list of changed files of a large tree. */
const mostOutputBytes = 16 * 2 ** 20;
/** Set in hooks of git: they would lead to another repository than that of the folder. */
const ofHooks = /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|OBJECT_DIRECTORY)$/;
/** A repository may name programs that git runs for its status: the telemetry starts nothing of a repository. */
const withoutPrograms = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/**
 * Puts commit, branch and origin of the repository of a folder on the resource, and whether files differ from the commit.
 * Credentials in the address of the origin are cut. Where there is no git, no repository, no commit, or git takes longer than
 * 0.9 s, nothing is added, and the log states why.
 *
 * @example await startTelemetry({ enrichers: [git()] });
 */
export function git(options: GitOptions = {}): Enricher {
  knownOptions<GitOptions>('git', options, optionNames);
  const { folder = '.', env = process.env } = options;
  textOption('folder', folder);
  return {
    name: 'git',
    async resource(): Promise<Attributes> {
      const ask = asking(folder, env);
      const [status, origin] = await Promise.all([
        ask('status', '--porcelain=v2', '--branch', '--untracked-files=no'),
        ask('config', '--get', 'remote.origin.url').catch(() => ''),
      ]);
      const { revision, branch, isModified } = statusOf(status);
      if (revision === undefined) throw new Error('the repository has no commit');
      const url = withoutCredentials(origin.trim());
      return {
        'vcs.ref.head.revision': revision,
        ...(branch !== undefined && { 'vcs.ref.head.name': branch }),
        'benchlab.vcs.modified': isModified,
        ...(url !== '' && { 'vcs.repository.url.full': url }),
      };
    },
  };
}

type Ask = (...args: string[]) => Promise<string>;

function asking(folder: string, given: NodeJS.ProcessEnv): Ask {
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => !ofHooks.test(name)));
  // The status must not write the index of a repository in which a person works, nor ask for a password.
  const env = { ...own, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  return async (...args) => {
    const options = { cwd: folder, env, maxBuffer: mostOutputBytes, timeout: limitMs, killSignal: 'SIGKILL' } as const;
    try {
      return (await run('git', [...withoutPrograms, ...args], options)).stdout;
    } catch (error) {
      throw new Error(reasonOf(error), { cause: error });
    }
  };
}

function reasonOf(error: unknown): string {
  const { code, killed, stderr } = Object(error) as { code?: unknown; killed?: unknown; stderr?: unknown };
  if (code === 'ENOENT') return 'git is not installed, or the folder does not exist';
  if (killed === true) return `git took more than ${limitMs} ms`;
  const [line = ''] = String(stderr ?? '').split('\n');
  return line === '' ? 'git failed' : withoutCredentials(line);
}

/** Source: git-status(1), "Porcelain Format Version 2". */
function statusOf(status: string): { revision?: string; branch?: string; isModified: boolean } {
  const lines = status.split('\n');
  const header = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length);
  const revision = header('oid');
  const branch = header('head');
  return {
    ...(revision !== undefined && /^[0-9a-f]{40,64}$/.test(revision) && { revision }),
    ...(branch !== undefined && branch !== '(detached)' && { branch }),
    isModified: lines.some((line) => line !== '' && !line.startsWith('#')),
  };
}

/** `https://user:token@host/path` and `https://token@host/path`. The user of `git@host:path` is no secret, and stays. */
function withoutCredentials(url: string): string {
  return url.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s]*@/gi, '$1').replace(/([?&][^=&\s]*=)[^&\s]*/g, '$1…');
}
