import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StageEvent } from '@benchlab-otel/core';
import { ManualClock, simulatedSource } from '@benchlab-otel/core/testing';
import { afterEach, beforeEach } from 'vitest';
import { parseSessionFile, type SessionFile } from '../folder/sessionFile.ts';
import { sessionRecorder } from './openRecorder.ts';
import type { SessionRecorderOptions } from './recorderOptions.ts';
import type { SessionRecorder } from './sessionRecorder.ts';

/** Recorders of a test, in a folder of its own and on a clock that it turns. */
export interface RecorderRig {
  readonly dataRoot: string;
  readonly clock: ManualClock;
  recorderOf(more?: Partial<SessionRecorderOptions>): Promise<SessionRecorder>;
  /** Frames each 20 ms with a latency of 5 ms, and power each 50 ms; time advances with them. */
  feed(recorder: SessionRecorder, frames: number, from?: number): Promise<void>;
  /** The process that records is gone, and has left its lock. */
  die(recorder: SessionRecorder): void;
}

/** To be called once in a file of tests. */
export function recorderRig(): RecorderRig {
  let [dataRoot, clock] = ['', new ManualClock()];
  /** Recorders that stand for processes that are gone: their files are closed at the end. */
  let gone: SessionRecorder[] = [];
  beforeEach(() => {
    dataRoot = mkdtempSync(join(tmpdir(), 'benchlab-recorder-'));
    clock = new ManualClock();
  });
  afterEach(async () => {
    for (const recorder of gone) await recorder.close().catch(() => undefined);
    gone = [];
    rmSync(dataRoot, { recursive: true });
  });
  return {
    get dataRoot() {
      return dataRoot;
    },
    get clock() {
      return clock;
    },
    recorderOf: (more = {}) => sessionRecorder({ dataRoot, clock, ...more }),
    async feed(recorder, frames, from = 0) {
      const meter = simulatedSource({ clock, watts: { system: 200, cpu: 50 }, id: '53494D' });
      await meter.start(recorder);
      for (let frame = from; frame < from + frames; frame++) {
        const ms = (clock.nowNs() - 1e9) / 1e6;
        recorder.stage(stage('ingress', frame, ms));
        recorder.stage(stage('encoded', frame, ms + 5));
        await clock.advanceMs(20);
      }
      await meter.stop();
    },
    die(recorder) {
      gone.push(recorder);
      const owner = JSON.parse(readFileSync(recorder.paths.lock, 'utf8'));
      writeFileSync(recorder.paths.lock, JSON.stringify({ ...owner, startTime: '1' }));
    },
  };
}

export function fileOf({ paths }: SessionRecorder): SessionFile {
  return parseSessionFile(readFileSync(paths.file, 'utf8'), paths.file);
}

export function rowsOf({ paths }: SessionRecorder): string {
  return readFileSync(join(paths.aligned, 'latency.jsonl'), 'utf8');
}

/** @param ms since the start of the clock */
export function stage(name: string, frame: number, ms: number): StageEvent {
  return { timeNs: 1e9 + ms * 1e6, uncertaintyNs: 0, stage: name, frameId: String(frame), source: 'camera' };
}
