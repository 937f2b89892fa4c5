import { PassThrough } from 'node:stream';
import { systemClock } from '@benchlab-otel/core';
import { probe } from '../probe.ts';
import { bin } from './childProbe.suite.ts';
import type { CommandHost } from './commandHost.ts';
import type { EndSignal, ReloadSignal } from './signals.ts';

/** How a command ended, with all that it and its programs wrote. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that runs in the process of the test. */
export interface RunningProbe {
  readonly ended: Promise<Ended>;
  /** Resolves once standard output and standard error match. Rejects when the command ends without it. */
  shown(pattern: RegExp): Promise<RegExpExecArray>;
  send(signal: EndSignal): void;
  /** Sends a signal that asks a service for something. */
  ask(signal: ReloadSignal): void;
  /** Listeners of signals that are there now. */
  readonly listeners: number;
}

/** Starts a command with standard input closed, no signals but those that the test sends, and text kept as strings. */
export function startProbe(
  args: readonly string[],
  more: Partial<CommandHost> & { input?: CommandHost['input'] } = {},
): RunningProbe {
  let [out, err] = ['', ''];
  const listeners = new Set<(signal: EndSignal) => void>();
  const reloads = new Set<(signal: ReloadSignal) => void>();
  const looks = new Set<() => void>();
  const written = () => {
    for (const look of looks) look();
  };
  const write = (text: string) => {
    out += text;
    written();
  };
  const host: CommandHost = {
    terminal: {
      out: write,
      err(text) {
        err += text;
        written();
      },
      redraws: false,
      columns: 80,
      rows: 24,
      onClosed: () => undefined,
      written: async () => undefined,
    },
    input: { isTerminal: false, stream: () => new PassThrough().end(), stats: () => undefined },
    environment: process.env,
    clock: systemClock,
    signals: {
      listen(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      onReload(listener) {
        reloads.add(listener);
        return () => reloads.delete(listener);
      },
    },
    program: [process.execPath, bin],
    childOutput: write,
    ...more,
  };
  const ended = probe(args, host).then((code) => ({ code, out, err }));
  return {
    ended,
    shown: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(out + err);
          if (match === null) return;
          looks.delete(look);
          resolve(match);
        };
        looks.add(look);
        look();
        void ended.then((end) => reject(new Error(`It ended without ${pattern}: ${JSON.stringify(end)}`)));
      }),
    send(signal) {
      for (const listener of [...listeners]) listener(signal);
    },
    ask(signal) {
      for (const listener of [...reloads]) listener(signal);
    },
    get listeners() {
      return listeners.size;
    },
  };
}

/** Runs a command to its end. */
export function probed(...args: readonly string[]): Promise<Ended> {
  return startProbe(args).ended;
}

/** Standard input that holds a text. */
export function inputOf(text: string): CommandHost['input'] {
  return { isTerminal: false, stream: () => new PassThrough().end(text), stats: () => undefined };
}
