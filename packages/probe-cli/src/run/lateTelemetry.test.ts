import { PassThrough } from 'node:stream';
import { type Clock, systemClock } from '@benchlab-otel/core';
import { expect, it, vi } from 'vitest';
import { script } from '../host/programs.suite.ts';
import { measuredRun } from './measuredRun.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Runs a program, and resolves with the waits for telemetry after its end, ms. */
async function waits(command: readonly string[]): Promise<readonly number[]> {
  const found: number[] = [];
  const clock: Clock = {
    ...systemClock,
    nowNs: () => systemClock.nowNs(),
    anchor: () => systemClock.anchor(),
    at(timeNs, ...rest) {
      found.push((timeNs - systemClock.nowNs()) * 1e-6);
      return systemClock.at(timeNs, ...rest);
    },
  };
  await measuredRun({
    command,
    host: {
      clock,
      environment: process.env,
      signals: { listen: () => () => undefined, onReload: () => () => undefined },
      input: { isTerminal: false, stream: () => new PassThrough().end(), stats: () => undefined },
      childOutput: 'ignore',
    },
  });
  return found;
}

it('is not waited for where no process is left and no connection is open', async () => {
  expect(await waits(script(''))).toEqual([]);
});

it('is waited for where the program left a process', async () => {
  expect(await waits(['sh', '-c', 'sleep 60 & exit 0'])).not.toEqual([]);
});
