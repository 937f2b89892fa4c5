import type { ChildProcess } from 'node:child_process';

/** How and where a program runs. */
export interface ToolPlace {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Standard input. */
  readonly input?: string | Uint8Array;
  readonly timeoutMs: number;
  /** Of standard output and standard error together; a tool that writes more is killed. */
  readonly maxOutputBytes: number;
}

/** What a program that has ended left. */
export interface ToolEnd {
  /** 128 + N after signal N, as a shell has it; 127 where it could not be started. */
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Why it did not end by itself with a code. */
  readonly fault?: 'start' | 'timeout' | 'flood' | 'signal';
  /** The name of the signal, or the code of the error at its start. */
  readonly detail?: string;
}

/** How long output is read after the end of a program: a process that it left may hold it open, ms. */
const drainMs = 1_000;

/** Runs a program without a shell. Never rejects; it and what it has started end with its time. */
export async function toolProcess(program: string, args: readonly string[], place: ToolPlace): Promise<ToolEnd> {
  // Not imported: bundlers for browsers stop at these, also where an application does not use this function.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const { constants } = process.getBuiltinModule('node:os');
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const output = () => ({ stdout: Buffer.concat(parts.stdout), stderr: Buffer.concat(parts.stderr) });
  let child: ChildProcess;
  try {
    // A group of its own, so that all that it starts ends with it.
    child = spawn(program, [...args], { cwd: place.cwd, env: place.env, stdio: 'pipe', detached: true });
  } catch (error) {
    return { exitCode: 127, fault: 'start', detail: codeOf(error), ...output() };
  }
  let fault: 'timeout' | 'flood' | undefined;
  let bytes = 0;
  const end = (why: 'timeout' | 'flood') => {
    fault ??= why;
    killGroup(child);
  };
  const take = (name: 'stdout' | 'stderr') => (chunk: Buffer) => {
    const kept = chunk.subarray(0, place.maxOutputBytes - bytes);
    bytes += kept.length;
    parts[name].push(kept);
    if (kept.length < chunk.length) end('flood');
  };
  child.stdout?.on('data', take('stdout'));
  child.stderr?.on('data', take('stderr'));
  // A program that does not read its input is not a fault.
  child.stdin?.on('error', () => {}).end(place.input ?? '');
  const timer = setTimeout(() => end('timeout'), place.timeoutMs);
  const ended = await endOf(child);
  clearTimeout(timer);
  // What it started and left behind.
  killGroup(child);
  if ('error' in ended) return { exitCode: 127, fault: 'start', detail: codeOf(ended.error), ...output() };
  const { code, signal } = ended;
  const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  const why = fault ?? (signal === null ? undefined : 'signal');
  return { exitCode, ...(why && { fault: why }), ...(signal !== null && { detail: signal }), ...output() };
}

type End = { readonly error: unknown } | { readonly code: number | null; readonly signal: NodeJS.Signals | null };

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('exit', (code, signal) => {
      const drained = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, drainMs);
      child.once('close', () => {
        clearTimeout(drained);
        resolve({ code, signal });
      });
    });
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}
