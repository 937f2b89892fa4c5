import { diag } from '@opentelemetry/api';

/**
 * Lets this process end while one of its threads hangs in the driver. At its end Node waits for every thread, and would
 * wait without an end (Node 20: neither worker.terminate() nor process.exit() ends a thread that is inside a native call).
 * From now until `ended`, the last action at exit is the C library's _exit with the exit code of the process.
 */
export async function leaveDespite(ended: Promise<unknown>): Promise<void> {
  const leave = await exitAtOnce();
  if (leave === undefined) return;
  const atExit = (code: number) => {
    // Listeners that were added later run first: this must be the last one.
    const listeners = process.listeners('exit');
    for (const later of listeners.slice(listeners.indexOf(atExit) + 1)) runQuietly(() => later(code));
    leave(Number(process.exitCode ?? code));
  };
  process.on('exit', atExit);
  const stay = () => process.off('exit', atExit);
  ended.then(stay, stay);
}

async function exitAtOnce(): Promise<((code: number) => void) | undefined> {
  try {
    const { default: koffi } = await import('koffi');
    // The C library is loaded already, glibc or musl.
    return koffi.load(null).func('void _exit(int code)');
  } catch (thrown) {
    diag.warn('a call into a driver hangs, and this process may not end before it does.', thrown);
    return undefined;
  }
}

function runQuietly(task: () => void): void {
  try {
    task();
  } catch (thrown) {
    diag.error('hw-receivers: a listener of exit threw', thrown);
  }
}
