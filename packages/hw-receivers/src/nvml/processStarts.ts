import { readFileSync, readlinkSync } from 'node:fs';

/** What the host shows of its processes. */
export interface HostStarts {
  /** When the process was started, ms since the boot; undefined where this process cannot see it. */
  sinceBootMs(pid: number): number | undefined;
  /** When the host was started, ms since 1970, by the clock as it is now. */
  bootMs(): number | undefined;
}

export interface ProcessStart {
  /** Ms since 1970, by the clock when the process was first seen: it stays when the clock is set. */
  readonly startMs: number;
  /** The same by the clock as it is now. */
  readonly startNowMs: number;
}

// USER_HZ is 100 on every architecture that Node runs on (Linux, include/asm-generic/param.h).
const msPerTick = 10;
/** The process namespace of the host (Linux, include/linux/proc_ns.h, PROC_PID_INIT_INO). */
const hostNamespace = 'pid:[4026531836]';

/**
 * The start times of the processes that use a GPU. A process id is used again, so only both together name a process. They are
 * read again after each look, because the id may belong to another process by then, and the clock may have been set.
 */
export class ProcessStarts {
  readonly #host: HostStarts;
  readonly #starts = new Map<number, ProcessStart | undefined>();
  #named = new Map<number, { readonly sinceBootMs: number; readonly startMs: number }>();
  #bootMs: number | undefined;

  constructor(host: HostStarts = ownHost()) {
    this.#host = host;
  }

  /** What is known may have changed. Processes that were not asked for since the last look are forgotten. */
  look(): void {
    this.#named = new Map([...this.#named].filter(([pid]) => this.#starts.has(pid)));
    this.#starts.clear();
    this.#bootMs = this.#host.bootMs();
  }

  of(pid: number): ProcessStart | undefined {
    if (!this.#starts.has(pid)) this.#starts.set(pid, this.#read(pid));
    return this.#starts.get(pid);
  }

  #read(pid: number): ProcessStart | undefined {
    const sinceBootMs = this.#host.sinceBootMs(pid);
    if (sinceBootMs === undefined || this.#bootMs === undefined) return undefined;
    const startNowMs = this.#bootMs + sinceBootMs;
    const known = this.#named.get(pid);
    const named = known?.sinceBootMs === sinceBootMs ? known : { sinceBootMs, startMs: startNowMs };
    this.#named.set(pid, named);
    return { startMs: named.startMs, startNowMs };
  }
}

/** NVML has the ids of the host. In a container the same id names another process, or none. */
function ownHost(): HostStarts {
  if (!isInHostNamespace()) return { sinceBootMs: () => undefined, bootMs: () => undefined };
  return {
    sinceBootMs: (pid) => {
      const ticks = startTicks(readText(`/proc/${pid}/stat`));
      return ticks === undefined ? undefined : ticks * msPerTick;
    },
    bootMs: bootTimeMs,
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
