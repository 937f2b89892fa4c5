import { fstatSync } from 'node:fs';
import { systemClock } from '@benchlab-otel/core/definitions';
import type { CommandHost } from './commandHost.ts';
import { processSignals } from './signals.ts';
import { processTerminal } from './terminal.ts';

/** The command line of this process. */
export function processHost(): CommandHost {
  return {
    terminal: processTerminal(),
    input: {
      get isTerminal() {
        return process.stdin.isTTY === true;
      },
      stream: () => process.stdin,
      stats: () => fstatSync(0),
    },
    environment: process.env,
    clock: systemClock,
    signals: processSignals,
    program: [process.execPath, process.argv[1] ?? ''],
    childOutput: 'inherit',
  };
}
