import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { BenchlabError } from '@benchlab-otel/sdk';
import { signalBase } from '../exitCode.ts';
import type { ChildExit } from './result.ts';

/** A program that runs under the probe, on the probe's own standard streams. */
export interface Child {
  readonly pid: number;
  readonly exited: Promise<ChildExit>;
  /** Passes a signal on. Nothing happens when it has exited. */
  signal(signal: NodeJS.Signals): void;
}

export interface ChildOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** What becomes of its output; its own streams by default. */
  readonly output?: 'inherit' | 'ignore';
}

/**
 * Starts `command`. A command that cannot be started is the caller's mistake.
 *
 * @example const child = await startChild(['node', 'app.js'], { environment: process.env })
 */
export async function startChild(command: readonly string[], options: ChildOptions): Promise<Child> {
  const [file = '', ...args] = command;
  const output = options.output ?? 'inherit';
  const child = spawn(file, args, { env: options.environment, stdio: ['inherit', output, output] });
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
  return { pid: child.pid ?? 0, exited, signal: (signal) => void child.kill(signal) };
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

/**
 * Passes SIGINT and SIGTERM on to the child until the returned function is called. At a terminal Ctrl-C reaches the
 * child without us; passing it on would interrupt it twice.
 */
export function forwardSignals(child: Child): () => void {
  const interrupt = () => {
    if (!process.stdin.isTTY) child.signal('SIGINT');
  };
  const terminate = () => child.signal('SIGTERM');
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  return () => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', terminate);
  };
}
