import {
  alreadyStarted,
  type Clock,
  numberOption,
  type StageConsumer,
  type StageSource,
  systemClock,
} from '@benchlab-otel/core';

export interface EmulatedStagesOptions {
  /** The two stages of the pipeline, each frame reaches the first and then the second. */
  readonly stages: readonly [from: string, to: string];
  /** Default 30; 1 to 240. */
  readonly framesPerSecond?: number;
  readonly clock?: Clock;
}

/** Events are passed on as a pipeline writes them: some at a time, ns. */
const stepNs = 0.1e9;
/** Invented: a hardware encoder takes some milliseconds a frame, now and then more, and loses one. */
const [meanMs, swingMs, slowMs] = [9, 2.5, 24];
const [slowEach, droppedEach] = [97, 250];

/**
 * A pipeline that is made up, such as an encoder: frames at two stages, marked as simulated. The latency of a frame follows from
 * its number alone, so that two runs are alike.
 *
 * @throws OptionError for a rate that is out of range
 * @example await emulatedStages({ stages: ['ingress', 'encoded'] }).start(recorder);
 */
export function emulatedStages({
  stages,
  framesPerSecond = 30,
  clock = systemClock,
}: EmulatedStagesOptions): StageSource {
  const frameNs = 1e9 / numberOption('framesPerSecond', framesPerSecond, { least: 1, most: 240 });
  const name = 'emulated';
  let cancel: (() => void) | undefined;
  const run = (consumer: StageConsumer) => {
    let [frame, nextNs] = [0, clock.nowNs()];
    const [from, to] = stages;
    const event = (stage: string, timeNs: number) =>
      consumer.stage({ timeNs, uncertaintyNs: 0, stage, frameId: String(frame), source: name, simulated: true });
    const step = () => {
      const nowNs = clock.nowNs();
      // A frame is passed on once it is through. A host that slept has no frames of that time.
      if (nowNs - nextNs > 1e9) nextNs = nowNs;
      for (; nextNs + latencyNs(frame) <= nowNs; nextNs += frameNs) {
        event(from, nextNs);
        if (frame % droppedEach !== droppedEach - 1) event(to, nextNs + latencyNs(frame));
        frame++;
      }
      cancel = clock.at(nowNs + stepNs, step);
    };
    step();
  };
  return {
    name,
    async start(consumer) {
      if (cancel !== undefined) throw alreadyStarted(name);
      run(consumer);
    },
    async stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}

function latencyNs(frame: number): number {
  if (frame % slowEach === slowEach - 1) return slowMs * 1e6;
  return (meanMs + swingMs * Math.sin(frame / 45)) * 1e6;
}
