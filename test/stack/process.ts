import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { binary, isOfScale } from '../../scripts/stack-parts.mjs';

const readyLimitMs = 30_000;
/** Some wait for idle connections to close; all that they would save is in a folder that goes anyway. */
const stopLimitMs = 2000;
const outputLines = 40;

/** A real server of the stack, on loopback, with a folder of its own that goes when it stops. */
export interface RunningServer {
  readonly folder: string;
  readonly pid: number;
  /** Asks it to stop, and insists after two seconds. */
  stop(): Promise<void>;
  /** As a power failure would: without a word. */
  kill(): Promise<void>;
}

export interface ServerOptions {
  /** A name for `installed()`, or the path of a program that is not in .stack. */
  readonly program: string;
  readonly args: (folder: string) => readonly string[] | Promise<readonly string[]>;
  readonly env?: (folder: string) => Readonly<Record<string, string>>;
  /** Answers 2xx once the server works. */
  readonly readyUrl: string;
  /** Asks it in another way: with TLS, or with a password. */
  readonly isReady?: () => Promise<boolean>;
}

/** The path of a program of .stack. What is not installed fails the test: a part that is missing was not tested. */
export function installed(program: string): string {
  const path = binary(program);
  const group = isOfScale(program) ? ' -- scale' : '';
  if (!existsSync(path)) throw new Error(`${program} is not installed. Run: npm run stack:install${group}`);
  return path;
}

/** Starts a server and waits until it answers, at most half a minute. Its last lines are in the error when it does not. */
export async function startServer({ program, args, env, readyUrl, isReady }: ServerOptions): Promise<RunningServer> {
  const path = isAbsolute(program) ? program : installed(program);
  const folder = await mkdtemp(join(tmpdir(), `benchlab-${basename(path)}-`));
  const child = spawn(path, await args(folder), {
    cwd: folder,
    env: { ...process.env, ...env?.(folder) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = lastLines(child);
  // Should the test runner die before stop(): nothing outlives it.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal);
    const timer = setTimeout(kill, stopLimitMs);
    await exited;
    clearTimeout(timer);
    process.off('exit', kill);
    await rm(folder, { recursive: true, force: true });
  };
  const stop = () => end('SIGTERM');
  try {
    await until(`${program} to answer`, () => {
      if (child.exitCode !== null) throw new Error(`${program} exited with ${child.exitCode}.`);
      return isReady === undefined ? answers(readyUrl) : isReady();
    });
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message} Its last lines:\n${output.join('\n')}`);
  }
  return { folder, pid: child.pid ?? 0, stop, kill: () => end('SIGKILL') };
}

/** Asks every tenth of a second until the answer is not undefined, false or an empty list. Fails with `what` at the limit. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs: number = readyLimitMs,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false && !(Array.isArray(answer) && answer.length === 0)) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${limitMs / 1000} s for ${what}, in vain.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** `count` different ports that nothing listens on: all are taken at once, then released for the servers. */
export async function freePorts(count: number): Promise<number[]> {
  const holders = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    holders.map(
      (holder) =>
        new Promise<number>((resolve, reject) => {
          holder.once('error', reject);
          holder.listen(0, '127.0.0.1', () => resolve((holder.address() as { port: number }).port));
        }),
    ),
  );
  await Promise.all(holders.map((holder) => new Promise((resolve) => holder.close(resolve))));
  return ports;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function lastLines(child: ChildProcess): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.trimEnd().split('\n'));
      lines.splice(0, lines.length - outputLines);
    });
  }
  return lines;
}
