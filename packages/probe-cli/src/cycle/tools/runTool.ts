import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { bareEnvironment, endWithParent } from '@benchlab-otel/hw-receivers';
import { signalBase } from '../../command/exitCode.ts';
import { ToolError } from './toolError.ts';

/** Bounds of one run of a program. */
export interface ToolLimits {
  readonly timeMs: number;
  /** Standard output and standard error together, bytes. */
  readonly outputBytes: number;
  /** Addresses that each of its processes may use, KiB. */
  readonly memoryKiB: number;
  /** The largest file that it may write, blocks of 512 bytes. */
  readonly fileBlocks: number;
}

/** A compiler needs a second and 100 MiB for what is lowered here. */
export const toolLimits: ToolLimits = {
  timeMs: 30_000,
  outputBytes: 1024 * 1024,
  memoryKiB: 2 * 1024 * 1024,
  fileBlocks: 128 * 1024,
};

/** What a program is started with. */
export interface ToolCommand {
  readonly arguments: readonly string[];
  /** Variables beyond the bare environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ToolRequest extends ToolCommand {
  /** Absolute path. */
  readonly program: string;
  /** Where it runs, and where its temporary files go. */
  readonly folder: string;
  /** Standard input. Empty where it is absent. */
  readonly input?: string;
  /** Its memory is not limited by addresses: see `Backend.reservesAddresses`. */
  readonly reservesAddresses?: boolean;
  readonly limits: ToolLimits;
  /** Ends the program. */
  readonly signal: AbortSignal;
}

/** What a program that has ended left. */
export interface ToolRun {
  /** 128 + N after signal N, as a shell has it; 127 where it could not be started. */
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Why it did not do its work. Undefined where it ended with 0. */
  readonly error?: ToolError;
}

/**
 * Sets the limits, and becomes the program. The text is constant: program and arguments are positional parameters, which no shell reads
 * as code. A limit that the system does not let us set is tighter already.
 */
const limitScript = `
limit() { (ulimit "$1" "$2") 2>/dev/null && ulimit "$1" "$2"; }
limit -c 0
limit -f "$1"
[ -z "$2" ] || limit -v "$2"
shift 2
exec "$@"
`;

/** How long output is read after the program has ended: a process that it left behind may hold it open. */
const drainMs = 1000;

/** Runs a program with a bare environment and within bounds. Rejects only when `signal` ends it. */
export async function runTool(request: ToolRequest): Promise<ToolRun> {
  const { program, folder, environment, limits, signal, reservesAddresses = false } = request;
  signal.throwIfAborted();
  const memory = reservesAddresses ? '' : String(limits.memoryKiB);
  const words = ['-c', limitScript, 'benchlab-tool', String(limits.fileBlocks), memory, program, ...request.arguments];
  const child = endWithParent(
    () =>
      spawn('/bin/sh', words, {
        cwd: folder,
        env: { ...bareEnvironment(process.env), TMPDIR: folder, LC_ALL: 'C', ...environment },
        stdio: ['pipe', 'pipe', 'pipe'],
        // A group of its own, so that all that it starts ends with it.
        detached: true,
      }),
    true,
  );
  const output = new BoundedOutput(limits.outputBytes, () => end('flood'));
  let endedBy: 'time' | 'flood' | 'signal' | undefined;
  const end = (why: typeof endedBy) => {
    endedBy ??= why;
    killGroup(child);
  };
  const timer = setTimeout(() => end('time'), limits.timeMs);
  const abort = () => end('signal');
  signal.addEventListener('abort', abort, { once: true });
  child.stdout.on('data', (bytes: Buffer) => output.add('stdout', bytes));
  child.stderr.on('data', (bytes: Buffer) => output.add('stderr', bytes));
  // A program that does not read its input is not a fault.
  child.stdin.on('error', () => undefined).end(request.input ?? '');
  try {
    const { exitCode, startError } = await ended(child);
    // What it started and left behind.
    killGroup(child);
    signal.throwIfAborted();
    const [stdout, stderr] = [output.of('stdout'), output.of('stderr')];
    const error = errorOf({ program, exitCode, endedBy, startError, limits });
    return { exitCode, stdout, stderr, ...(error === undefined ? {} : { error }) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

class BoundedOutput {
  readonly #chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  readonly #most: number;
  readonly #full: () => void;
  #bytes = 0;

  constructor(most: number, full: () => void) {
    this.#most = most;
    this.#full = full;
  }

  add(name: 'stdout' | 'stderr', bytes: Buffer): void {
    const kept = bytes.subarray(0, this.#most - this.#bytes);
    this.#bytes += kept.length;
    this.#chunks[name].push(kept);
    if (kept.length < bytes.length) this.#full();
  }

  of(name: 'stdout' | 'stderr'): Buffer {
    return Buffer.concat(this.#chunks[name]);
  }
}

function ended(child: ChildProcess): Promise<{ exitCode: number; startError?: Error }> {
  return new Promise((resolve) => {
    child.once('error', (startError) => resolve({ exitCode: 127, startError }));
    child.once('exit', (code, signal) => {
      const exitCode = code ?? signalBase + (signal === null ? 0 : constants.signals[signal]);
      const drained = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, drainMs);
      child.once('close', () => {
        clearTimeout(drained);
        resolve({ exitCode });
      });
    });
  });
}

interface End {
  readonly program: string;
  readonly exitCode: number;
  readonly endedBy: 'time' | 'flood' | 'signal' | undefined;
  readonly startError: Error | undefined;
  readonly limits: ToolLimits;
}

function errorOf({ program, exitCode, endedBy, startError, limits }: End): ToolError | undefined {
  if (startError !== undefined)
    return new ToolError('ToolStart', 'ENOENT', `/bin/sh could not be started: ${startError.message}`);
  if (endedBy === 'time')
    return new ToolError(
      'ToolTimeout',
      'TIMEOUT',
      `${program} did not end within ${limits.timeMs / 1000} s and was killed`,
    );
  if (endedBy === 'flood')
    return new ToolError('ToolFlood', 'FLOOD', `${program} wrote more than ${limits.outputBytes} bytes and was killed`);
  if (exitCode === 0) return undefined;
  // POSIX, Shell Command Language 2.8.2: found but not executable, not found.
  if (exitCode === 126 || exitCode === 127)
    return new ToolError('ToolStart', `EXIT_${exitCode}`, `${program} could not be started`);
  const signal = Object.entries(constants.signals).find(([, number]) => number === exitCode - signalBase)?.[0];
  if (signal !== undefined) return new ToolError('ToolCrash', signal, `${program} was ended by ${signal}`);
  return new ToolError('ToolExit', `EXIT_${exitCode}`, `${program} ended with code ${exitCode}`);
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
