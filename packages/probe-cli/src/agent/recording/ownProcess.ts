import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/** How a process ended. */
export interface ProcessEnd {
  /** Undefined where a signal ended it, or it could not be started. */
  readonly code: number | undefined;
  /** The end of what it wrote to standard error. */
  readonly problem: string;
}

export type RunProcess = (
  command: string,
  args: readonly string[],
  options: { readonly environment: NodeJS.ProcessEnv; readonly signal: AbortSignal },
) => Promise<ProcessEnd>;

/** Characters of its standard error that are kept. */
const mostKept = 1_000;
/** Ninety days of large sessions are looked through in minutes, ms. */
const timeoutMs = 3_600_000;

/** Runs a program at a low priority to its end, or until the signal or an hour ends it. Never rejects. */
export const runProcess: RunProcess = (command, args, { environment, signal }) =>
  new Promise((resolve) => {
    let [problem, isOver] = ['', false];
    const ended = (code: number | undefined, why = problem.trim()) => {
      if (!isOver) resolve({ code, problem: why });
      isOver = true;
    };
    const child = spawn(command, args, {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
      timeout: timeoutMs,
    });
    child.on('error', (error) => ended(undefined, error.message));
    child.stderr.setEncoding('utf8').on('data', (text) => {
      problem = (problem + text).slice(-mostKept);
    });
    child.on('close', (code) => ended(code ?? undefined, problem.replaceAll('benchlab-probe: ', '').trim()));
    if (child.pid !== undefined) lowerPriority(child.pid);
  });

/** What it does can wait. A process that has ended already has no priority. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {}
}
