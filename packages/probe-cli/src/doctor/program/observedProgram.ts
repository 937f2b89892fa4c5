import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandHost } from '../../host/commandHost.ts';
import type { ChildExit } from '../../report/result.ts';
import { startChild } from '../../run/child.ts';
import { forwardSignals } from '../../run/forwardSignals.ts';
import { eventsOf, type ObservedThread } from './events.ts';

export interface ObservedProgram {
  readonly exit: ChildExit;
  /** Empty when no Node.js process loaded the observer. */
  readonly threads: readonly ObservedThread[];
}

export interface ObserveOptions {
  /** The program gets SIGTERM after this time, ms. Absent: it runs to its own end. */
  readonly forMs?: number;
}

const observer = fileURLToPath(new URL('../../../observer/observer.cjs', import.meta.url));
const maxFiles = 200;
const maxFileBytes = 2 * 1024 * 1024;
/** Time to end after SIGTERM, ns: twice what a shutdown of telemetry takes at most. */
const patienceNs = 5e9;

/**
 * Runs a program with our observer in each of its Node.js processes, until it ends.
 *
 * @throws BenchlabError BAD_OPTION when it cannot be started
 */
export async function observedProgram(
  host: CommandHost,
  command: readonly string[],
  { forMs }: ObserveOptions = {},
): Promise<ObservedProgram> {
  const { clock, input, signals, environment, childOutput } = host;
  // Created for this user alone.
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-doctor-'));
  try {
    const child = await startChild(command, {
      environment: observedEnvironment(environment, folder),
      output: childOutput,
      ownGroup: !input.isTerminal,
    });
    const stopForwarding = forwardSignals(child, { signals, clock, atTerminal: input.isTerminal });
    const cancels = forMs === undefined ? [] : [clock.at(clock.nowNs() + forMs * 1e6, end)];
    function end(): void {
      child.signal('SIGTERM');
      cancels.push(clock.at(clock.nowNs() + patienceNs, () => child.kill()));
    }
    const exit = await child.exited;
    for (const cancel of cancels) cancel();
    stopForwarding();
    child.endLeftBehind();
    return { exit, threads: await threadsIn(folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ours comes before what the user requires: it must see the SDK start. */
function observedEnvironment(parent: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
  // https://nodejs.org/api/cli.html#node_optionsoptions: a value with spaces stands in quotes, with \ before " and \.
  const path = `"${observer.replaceAll(/["\\]/g, '\\$&')}"`;
  const options = parent.NODE_OPTIONS?.trim() ? ` ${parent.NODE_OPTIONS.trim()}` : '';
  return { ...parent, BENCHLAB_DOCTOR_FOLDER: folder, NODE_OPTIONS: `--require ${path}${options}` };
}

/** One file a thread; what the loader thread of a process saw belongs to its main thread. */
async function threadsIn(folder: string): Promise<readonly ObservedThread[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
  const threads = new Map<string, ObservedThread>();
  for (const name of names.slice(0, maxFiles)) {
    const path = join(folder, name);
    const isCut = (await stat(path)).size > maxFileBytes || names.length > maxFiles;
    const events = [
      ...eventsOf((await readFile(path, 'utf8')).slice(0, maxFileBytes)),
      ...(isCut ? [{ kind: 'cut', by: [] }] : []),
    ];
    const [pid, thread = ''] = name.split('.');
    const key = thread === 'imports' ? `${pid}.0` : `${pid}.${thread}`;
    threads.set(key, { events: [...(threads.get(key)?.events ?? []), ...events] });
  }
  return [...threads.values()];
}
