import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { BenchlabError } from '@benchlab-otel/core';
import { endWithParent } from '@benchlab-otel/hw-receivers';
import { signalBase } from '../command/exitCode.ts';
import type { ChildOutput } from '../host/commandHost.ts';
import type { ChildExit } from '../report/result.ts';

/** A program that runs under the probe. */
export interface Child {
  readonly pid: number;
  readonly exited: Promise<ChildExit>;
  /** Sends it a signal. Nothing happens when it has exited. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it with SIGKILL, and with it its own process group where it has one. */
  kill(): void;
  /** After its exit: sends SIGTERM to what it left running in its own process group. False when that is empty. */
  endLeftBehind(): boolean;
}

export interface ChildOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** The folder that it starts in. Default: ours. */
  readonly folder?: string | undefined;
  /** Default: `inherit`. It shares our standard input where it shares our output. */
  readonly output?: ChildOutput;
  /**
   * Gives it a process group of its own. Wrong at a terminal, where it could neither read the keyboard nor be reached by
   * Ctrl-C. Default: true.
   */
  readonly ownGroup?: boolean;
}

/**
 * Starts `command`.
 *
 * @throws BenchlabError BAD_OPTION when it cannot be started
 *
 * @example const child = await startChild(['node', 'app.js'], { environment: process.env })
 */
export async function startChild(command: readonly string[], options: ChildOptions): Promise<Child> {
  const [file = '', ...args] = command;
  const output = options.output ?? 'inherit';
  const ownGroup = options.ownGroup ?? true;
  const out = typeof output === 'string' ? output : 'pipe';
  const start = () =>
    spawn(file, args, {
      env: options.environment,
      cwd: options.folder,
      stdio: [out === 'pipe' ? 'ignore' : 'inherit', out, out],
      detached: ownGroup,
    });
  const child = endWithParent(start, ownGroup);
  if (typeof output === 'function') {
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', output);
  }
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(signal === null ? { code: code ?? 0 } : { code: signalBase + (constants.signals[signal] ?? 0), signal }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(cannotStart(file, cause)));
  });
  // While it runs, an error event means that a signal could not be delivered, because it has exited.
  child.on('error', () => undefined);
  const pid = child.pid ?? 0;
  return {
    pid,
    exited,
    signal: (signal) => void child.kill(signal),
    kill: () => void (ownGroup ? signalGroup(pid, 'SIGKILL') : child.kill('SIGKILL')),
    endLeftBehind: () => ownGroup && signalGroup(pid, 'SIGTERM'),
  };
}

/** False when the group has no process left. */
function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  // Group 0 would be our own.
  if (leader <= 0) return false;
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}

function cannotStart(file: string, cause: Error): BenchlabError {
  const missing = 'code' in cause && cause.code === 'ENOENT';
  return new BenchlabError(
    'BAD_OPTION',
    missing ? `There is no command "${file}".` : `The command "${file}" cannot be started: ${cause.message}.`,
    'Write the command and its arguments after --, as in: benchlab-probe run -- node app.js',
    { cause },
  );
}
