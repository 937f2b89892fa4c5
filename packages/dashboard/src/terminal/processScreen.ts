import { openSync, write, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { ScreenDevice } from './screenDevice.ts';

const stdout = 1;
/** A terminal that takes nothing now is asked again after this time, ms. */
const againMs = 20;

/**
 * The terminal of this process.
 *
 * @param isInputTaken standard input is data: keys are read from the terminal of the process instead, where it has one
 */
export function processScreen(isInputTaken: boolean): ScreenDevice {
  let typed: ReadStream | undefined;
  return {
    get columns() {
      return process.stdout.columns ?? 80;
    },
    get rows() {
      return process.stdout.rows ?? 24;
    },
    write: (text) => new Promise((resolve) => writeOn(Buffer.from(text), resolve)),
    writeSync(text) {
      try {
        writeSync(stdout, text);
      } catch {
        // The terminal is gone, or takes nothing: there is no other place to restore.
      }
    },
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

/** Through the thread pool: process.stdout blocks the event loop while a terminal takes nothing, as after Ctrl-S. */
function writeOn(bytes: Buffer, done: () => void): void {
  write(stdout, bytes, (error, written) => {
    if (error?.code === 'EAGAIN') setTimeout(() => writeOn(bytes, done), againMs);
    else if (error !== null || written === bytes.length) done();
    else writeOn(bytes.subarray(written), done);
  });
}

function ownTerminal(): ReadStream | undefined {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    return undefined;
  }
}
