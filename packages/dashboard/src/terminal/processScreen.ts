import { constants, openSync, write, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { ScreenDevice } from './screenDevice.ts';

/** A terminal that takes nothing now is asked again after this time, ms. */
const againMs = 20;
/** At the end of the process it is asked this often: a terminal that takes nothing must not keep it from ending. */
const mostAttempts = 10;

/**
 * The terminal of this process.
 *
 * @param isInputTaken standard input is data: keys are read from the terminal of the process instead, where it has one
 */
export function processScreen(isInputTaken: boolean): ScreenDevice {
  let typed: ReadStream | undefined;
  const screen = ownDescriptor();
  return {
    get columns() {
      return process.stdout.columns ?? 80;
    },
    get rows() {
      return process.stdout.rows ?? 24;
    },
    write: (text) => new Promise((resolve) => writeOn(screen, Buffer.from(text), resolve)),
    writeSync: (text) => writeAll(screen, Buffer.from(text)),
    listen(input) {
      const keys = isInputTaken ? ownTerminal() : process.stdin;
      if (keys === undefined || !keys.isTTY) return () => undefined;
      const take = (bytes: Buffer) => input(bytes.toString('utf8'));
      keys.setRawMode(true);
      keys.on('data', take).resume();
      typed = keys;
      return () => {
        typed = undefined;
        keys.off('data', take).pause();
        keys.setRawMode(false);
        if (keys !== process.stdin) keys.destroy();
      };
    },
    onResize(resized) {
      process.stdout.on('resize', resized);
      return () => process.stdout.off('resize', resized);
    },
    suspend() {
      // The shell sets its own mode meanwhile, and ours must not be left to it.
      typed?.setRawMode(false);
      process.kill(process.pid, 'SIGSTOP');
      typed?.setRawMode(true);
    },
    onJob({ stop, continued, dying }) {
      process.on('SIGTSTP', stop).on('SIGCONT', continued);
      // The monitor is called before Node prints the error, which must not be printed on the screen that is left.
      process.on('exit', dying).on('uncaughtExceptionMonitor', dying);
      return () => {
        process.off('SIGTSTP', stop).off('SIGCONT', continued);
        process.off('exit', dying).off('uncaughtExceptionMonitor', dying);
      };
    },
  };
}

/**
 * Standard output as a descriptor of its own that does not block: process.stdout blocks the whole process while a terminal takes
 * nothing, as after Ctrl-S. Standard output itself stays as it is, because other programs share it.
 */
function ownDescriptor(): number {
  try {
    return openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return 1;
  }
}

function writeOn(screen: number, bytes: Buffer, done: () => void): void {
  write(screen, bytes, (error, written) => {
    if (error?.code === 'EAGAIN') setTimeout(() => writeOn(screen, bytes, done), againMs).unref();
    else if (error !== null || written === bytes.length) done();
    else writeOn(screen, bytes.subarray(written), done);
  });
}

function writeAll(screen: number, bytes: Buffer): void {
  let rest = bytes;
  for (let attempt = 0; attempt < mostAttempts && rest.length > 0; attempt++) {
    try {
      rest = rest.subarray(writeSync(screen, rest));
    } catch (error) {
      // The terminal is gone: there is no other place to restore.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, againMs);
    }
  }
}

function ownTerminal(): ReadStream | undefined {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    return undefined;
  }
}
