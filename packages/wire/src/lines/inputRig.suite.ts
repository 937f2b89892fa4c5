import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ManualClock } from '@benchlab-otel/core/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { CollectedLines } from './lineSource.suite.ts';
import type { LineSource } from './lineSource.ts';
import { readLines } from './readLines.ts';

/** Of waits for what another process or the kernel does, ms. */
export const timeout = 10_000;

/** An input of lines in a test: each test has one of its own. */
export interface InputRig {
  /** A folder of the test. */
  readonly folder: string;
  /** By which the input checks its file: it does so when the test lets it. */
  readonly clock: ManualClock;
  readonly got: CollectedLines;
  readonly lines: readonly string[];
  /** Is stopped after the test. */
  source: LineSource | undefined;
  start(from: string | Readable): Promise<LineSource>;
  /** Resolves when the input has made its check and waits for the next one. */
  waiting(): Promise<void>;
  /** Lets the input make one check of its file, and waits until it has made it. */
  check(afterMs?: number): Promise<void>;
}

/** To be called once in a file of tests. */
export function inputRig(): InputRig {
  let [folder, clock, got] = ['', new ManualClock(), new CollectedLines()];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'benchlab-lines-'));
    clock = new ManualClock();
    got = new CollectedLines();
  });
  afterEach(async () => {
    await rig.source?.stop();
    rig.source = undefined;
    rmSync(folder, { recursive: true });
  });
  const rig: InputRig = {
    get folder() {
      return folder;
    },
    get clock() {
      return clock;
    },
    get got() {
      return got;
    },
    get lines() {
      return got.lines;
    },
    source: undefined,
    async start(from) {
      rig.source = readLines(from, { clock });
      await rig.source.start(got);
      return rig.source;
    },
    async waiting() {
      await expect.poll(() => clock.pending, { timeout, interval: 2 }).toBe(1);
    },
    async check(afterMs = 50) {
      await rig.waiting();
      await clock.advanceMs(afterMs);
      await rig.waiting();
    },
  };
  return rig;
}
