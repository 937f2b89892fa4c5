import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { bareEnvironment } from '../program/bareEnvironment.ts';

/**
 * A shell that reads whom it watches, and then waits until its standard input ends, which is when our process is gone, however
 * it went. SIGTERM first; what does not end within five seconds gets SIGKILL. A process id may have been used again: the
 * start time shows it. A group lives on when its leader has ended; its id is not used again before it is empty.
 */
const script = `
[ -z "$1" ] || trap 'rm -rf -- "$1"' EXIT
read -r target leader start || exit 0
read -r _
now=$(sed 's/.*) //' "/proc/$leader/stat" 2>/dev/null | cut -d ' ' -f 20)
[ -z "$now" ] || [ "$now" = "$start" ] || exit 0
kill -s TERM -- "$target" 2>/dev/null || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10; do
  sleep 0.5
  kill -s 0 -- "$target" 2>/dev/null || exit 0
done
kill -s KILL -- "$target" 2>/dev/null
`;

/** How often it is seen whether a group without its leader is empty, ms. */
const emptyMs = 1000;

/**
 * Starts a child that ends when this process is killed, also by SIGKILL, which no process can handle. Node has no signal of the
 * death of a parent (prctl PR_SET_PDEATHSIG must be called in the child), so a small shell waits for it. The shell is there
 * before the child, and gets its id in the same turn: what stays open is the moment between the two system calls.
 *
 * @param hasOwnGroup the child leads a process group of its own, all of which ends
 * @param folder of the child, which is removed when this process is killed; otherwise it is the caller's
 *
 * @example const child = endWithParent(() => spawn('sleep', ['60'], { detached: true }), true)
 */
export function endWithParent<Child extends ChildProcess>(
  start: () => Child,
  hasOwnGroup: boolean,
  folder = '',
): Child {
  const watcher = startWatcher(folder);
  let child: Child;
  try {
    child = start();
  } catch (error) {
    watcher.kill('SIGKILL');
    throw error;
  }
  const { pid } = child;
  if (pid === undefined) {
    watcher.kill('SIGKILL');
    return child;
  }
  watcher.stdin.write(`${hasOwnGroup ? -pid : pid} ${pid} ${startOf(pid)}\n`);
  child.once('exit', () => {
    const end = () => watcher.kill('SIGKILL');
    if (hasOwnGroup) whenEmpty(pid, end);
    else end();
  });
  return child;
}

function startWatcher(folder: string) {
  // Detached: what is sent to our process group must not end it.
  const watcher = spawn('/bin/sh', ['-c', script, 'benchlab-watcher', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: bareEnvironment({}),
    detached: true,
  });
  // Without a shell the child ends with our orderly ends only.
  watcher.on('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  watcher.unref();
  if ('unref' in watcher.stdin && typeof watcher.stdin.unref === 'function') watcher.stdin.unref();
  return watcher;
}

/** What the child has started may live on after it. */
function whenEmpty(group: number, done: () => void): void {
  if (isEmpty(group)) {
    done();
    return;
  }
  const timer = setInterval(() => {
    if (!isEmpty(group)) return;
    clearInterval(timer);
    done();
  }, emptyMs);
  timer.unref();
}

function isEmpty(group: number): boolean {
  try {
    process.kill(-group, 0);
    return false;
  } catch (error) {
    // EPERM: it has processes of another user.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** Field 22 of /proc/PID/stat (Linux, proc(5)): ticks since the boot. Empty where there is no /proc. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
