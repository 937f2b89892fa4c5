import { readFileSync, readlinkSync } from 'node:fs';

/** When a process was started, ms since 1970; undefined where this process cannot see it. */
export type StartOf = (pid: number) => number | undefined;

// USER_HZ is 100 on every architecture that Node runs on (Linux, include/asm-generic/param.h).
const msPerTick = 10;
/** The process namespace of the host (Linux, include/linux/proc_ns.h, PROC_PID_INIT_INO). */
const hostNamespace = 'pid:[4026531836]';

/**
 * The start times of the processes that use a GPU. A process id is used again, so only both together name a process. They are
 * read again after each look, because the id may belong to another process by then.
 */
export class ProcessStarts {
  readonly #startOf: StartOf;
  readonly #starts = new Map<number, number | undefined>();

  constructor(startOf: StartOf = hostStarts()) {
    this.#startOf = startOf;
  }

  /** What is known may have changed. */
  look(): void {
    this.#starts.clear();
  }

  of(pid: number): number | undefined {
    if (!this.#starts.has(pid)) this.#starts.set(pid, this.#startOf(pid));
    return this.#starts.get(pid);
  }
}

/** NVML has the ids of the host. In a container the same id names another process, or none. */
function hostStarts(): StartOf {
  const bootMs = bootTimeMs();
  if (bootMs === undefined || !isInHostNamespace()) return () => undefined;
  return (pid) => {
    const ticks = startTicks(readText(`/proc/${pid}/stat`));
    return ticks === undefined ? undefined : bootMs + ticks * msPerTick;
  };
}

/** Field 22 of /proc/PID/stat (Linux, proc(5)). The second field is the name of the program, which may have blanks and brackets. */
export function startTicks(text: string): number | undefined {
  const ticks = text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  return ticks !== undefined && /^\d{1,15}$/.test(ticks) ? Number(ticks) : undefined;
}

function bootTimeMs(): number | undefined {
  const seconds = /^btime (\d+)$/m.exec(readText('/proc/stat'))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function isInHostNamespace(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === hostNamespace;
  } catch {
    return false;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
