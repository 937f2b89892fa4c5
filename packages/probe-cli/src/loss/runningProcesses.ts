import { readdirSync, readFileSync } from 'node:fs';

/** A process that the command of a run has started and that still runs. */
export interface RunningProcess {
  readonly pid: number;
  /** Of its program, as Linux keeps it: up to 15 characters. */
  readonly name: string;
  /** It is in the process group of the command. */
  readonly isInGroup: boolean;
}

/** Which processes are of a run. */
export interface ProcessMarks {
  /** The process id of the command, which leads its process group and session where it has its own. */
  readonly leader: number;
  /** A text that only the environment of this run has: a daemon keeps it when it leaves its group and session. */
  readonly mark: string;
}

/**
 * The processes of a run that still run, but those that have ended and wait for their parent only. Undefined where the
 * system does not show processes in `/proc`. A program that empties its environment and leaves its session is not found.
 */
export function runningProcesses(
  { leader, mark }: ProcessMarks,
  root = '/proc',
): readonly RunningProcess[] | undefined {
  const pids = listed(root);
  if (pids === undefined) return undefined;
  return pids.flatMap((pid) => {
    const stat = parseStat(text(`${root}/${pid}/stat`));
    if (stat === undefined || stat.hasEnded || pid === process.pid) return [];
    const isInGroup = stat.group === leader;
    const isOfRun = isInGroup || stat.session === leader || text(`${root}/${pid}/environ`).includes(mark);
    return isOfRun ? [{ pid, name: stat.name, isInGroup }] : [];
  });
}

function listed(root: string): readonly number[] | undefined {
  try {
    return readdirSync(root)
      .filter((name) => /^[0-9]+$/.test(name))
      .map(Number);
  } catch {
    return undefined;
  }
}

interface Stat {
  readonly name: string;
  readonly hasEnded: boolean;
  readonly group: number;
  readonly session: number;
}

/** proc_pid_stat(5): pid, (name), state, parent, process group, session. The name may hold spaces and parentheses. */
function parseStat(line: string): Stat | undefined {
  const [, name, state = '', group, session] = /^\d+ \((.*)\) (\S) \d+ (\d+) (\d+) /s.exec(line) ?? [];
  if (name === undefined) return undefined;
  return { name, hasEnded: 'ZX'.includes(state), group: Number(group), session: Number(session) };
}

/** Empty for a process that is gone, or of another user. */
function text(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
