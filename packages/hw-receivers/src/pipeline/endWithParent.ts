import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A shell that waits until its standard input ends, which is when our process is gone, however it went. SIGTERM first; what
 * does not end within five seconds gets SIGKILL. A process id may have been used again: the start time shows it.
 */
const script = `
read -r _
started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }
[ "$1" != "$2" ] || [ "$(started "$2")" = "$3" ] || exit 0
kill -s TERM -- "$1" 2>/dev/null || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10; do
  sleep 0.5
  kill -s 0 -- "$1" 2>/dev/null || exit 0
done
kill -s KILL -- "$1" 2>/dev/null
`;

/**
 * Lets a child end when this process is killed, also by SIGKILL, which no process can handle. Node has no signal of the death
 * of a parent (prctl PR_SET_PDEATHSIG must be called in the child), so a small shell waits for it.
 *
 * @param hasOwnGroup the child leads a process group of its own, all of which ends
 */
export function endWithParent(child: ChildProcess, hasOwnGroup: boolean): void {
  const { pid } = child;
  if (pid === undefined) return;
  const target = hasOwnGroup ? `-${pid}` : `${pid}`;
  // Detached: what is sent to our process group must not end it.
  const watcher = spawn('/bin/sh', ['-c', script, 'benchlab-watcher', target, `${pid}`, startOf(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a shell the child is as it was before: it ends with our orderly ends only.
  watcher.on('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  watcher.unref();
  if ('unref' in watcher.stdin && typeof watcher.stdin.unref === 'function') watcher.stdin.unref();
  child.once('exit', () => watcher.kill('SIGKILL'));
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
