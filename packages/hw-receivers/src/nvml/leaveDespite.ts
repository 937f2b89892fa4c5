import { diag } from '@opentelemetry/api';

/**
 * Lets this process end while a thread of it hangs in the driver. Node waits at its end for every thread, and would wait
 * for ever (seen with Node 20: neither worker.terminate() nor process.exit() end a thread that is inside a native call).
 * So, from now until `ended`, the last thing at exit is the C library's _exit, with the exit code as it is.
 */
export async function leaveDespite(ended: Promise<unknown>): Promise<void> {
  const leave = await exitAtOnce();
  if (leave === undefined) return;
  const atExit = (code: number) => {
    // Those who came later have their turn first: nobody comes after this.
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
    // Already in the process, whichever C library it is.
    return koffi.load(null).func('void _exit(int code)');
  } catch (thrown) {
    diag.warn('nvml: a call into the driver hangs, and this process may not end before it does.', thrown);
    return undefined;
  }
}

function runQuietly(task: () => void): void {
  try {
    task();
  } catch (thrown) {
    diag.error('nvml: a listener of exit threw', thrown);
  }
}
