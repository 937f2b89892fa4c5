import type { Stats } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Clock } from '@benchlab-otel/core';
import type { ScreenDevice } from '@benchlab-otel/dashboard/terminal';
import type { FindProgram } from '@benchlab-otel/hw-receivers';
import type { Signals } from './signals.ts';
import type { Terminal } from './terminal.ts';

/**
 * All that a command takes from outside, in one object, so that tests run commands in their own process. Files are not in
 * it: a command reaches them by the paths that it is given, and tests give it paths in a folder of their own.
 */
export interface CommandHost {
  /** Standard output and standard error. */
  readonly terminal: Terminal;
  readonly input: StandardInput;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly signals: Signals;
  /** The whole screen, for a command that draws on it. Absent: that of the process. */
  readonly screen?: (isInputTaken: boolean) => ScreenDevice;
  /** Finds programs that a command starts by itself: gst-launch-1.0. Absent: the programs of the system. */
  readonly findProgram?: FindProgram;
  /** What starts this command itself, for work in a process of its own: Node and the module of the command. */
  readonly program: readonly [command: string, ...args: string[]];
  /** Where the output of programs goes that a command starts. */
  readonly childOutput: ChildOutput;
}

/** `inherit`: to our own standard output and standard error. A function receives both as text. */
export type ChildOutput = 'inherit' | 'ignore' | ((text: string) => void);

interface StandardInput {
  /** It is a keyboard: Ctrl-C there reaches the programs that we start without us. */
  readonly isTerminal: boolean;
  stream(): Readable;
  /** Of the file behind it. Undefined where there is none. */
  stats(): Stats | undefined;
}
