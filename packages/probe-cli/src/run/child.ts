import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { BenchlabError } from '@benchlab-otel/core';
import { signalBase } from '../exitCode.ts';
import type { ChildExit } from './result.ts';

/** A program that runs under the probe, on the probe's own standard streams. */
export interface Child {
  readonly pid: number;
  readonly exited: Promise<ChildExit>;
  /** Passes a signal on. Nothing happens when it has exited. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it with SIGKILL, and what it started with it where it has a process group of its own. */
  kill(): void;
  /** Once it has exited: ends what it left running in its own process group. False when there was nothing. */
  endLeftBehind(): boolean;
}

export interface ChildOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** What becomes of its output; its own streams by default. */
  readonly output?: 'inherit' | 'ignore';
  /**
   * Gives it a process group of its own. Not at a terminal, where it could neither read the keyboard nor be reached by
   * Ctrl-C; by default, where standard input is none.
   */
  readonly ownGroup?: boolean;
}

/**
 * Starts `command`. A command that cannot be started is the caller's mistake.
 *
 * @example const child = await startChild(['node', 'app.js'], { environment: process.env })
 */
export async function startChild(command: readonly string[], options: ChildOptions): Promise<Child> {
  const [file = '', ...args] = command;
  const output = options.output ?? 'inherit';
  const ownGroup = options.ownGroup ?? !process.stdin.isTTY;
  const child = spawn(file, args, {
    env: options.environment,
    stdio: ['inherit', output, output],
    detached: ownGroup,
  });
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(signal === null ? { code: code ?? 0 } : { code: signalBase + (constants.signals[signal] ?? 0), signal }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(cannotStart(file, cause)));
  });
  // Once it runs, an error event only says that a signal could not be delivered: it has exited.
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

/** False when the group has no process any more. */
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
