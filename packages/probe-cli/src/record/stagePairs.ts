import type { StageEvent } from '@benchlab-otel/sdk';

/** Frames that are waited for at a later stage, of each pair; beyond it the oldest count as dropped. */
const maxWaiting = 65_536;
/** Latencies that percentiles are made of, of each pair; further frames are counted and change them no more. */
const maxLatencies = 1_000_000;
/** Stages that are told apart; a pipeline names some ten. */
const maxStages = 64;

export interface StageCount {
  readonly stage: string;
  readonly frames: number;
}

/** From a stage to the one that was first seen after it. */
export interface StagePair {
  readonly from: string;
  readonly to: string;
  /** Frames that reached both. */
  readonly frames: number;
  /** Frames that reached the first and never the second. */
  readonly dropped: number;
  /** Frames that reached the second and were never seen at the first. */
  readonly unmatched: number;
  /** From the first to the second, ns, sorted. */
  readonly latenciesNs: Float64Array;
}

interface Stage {
  readonly name: string;
  readonly previous: Stage | undefined;
  frames: number;
  /** When it let frames go that have not been seen at the next stage, ns, by frame id. */
  readonly waiting: Map<string, number>;
  /** That waited too long. */
  forgotten: number;
  /** That came and had not been at the stage before. */
  unmatched: number;
  paired: number;
  /** Since the stage before. */
  readonly latenciesNs: number[];
}

/** Stage events to frames, drops and latencies between neighbours, by frame id. Stages are in the order of their first events. */
export class StagePairs {
  /** Events of stages beyond the bound. */
  ignored = 0;
  /** Events without a frame id, which are paired with nothing. */
  withoutFrame = 0;
  readonly #stages = new Map<string, Stage>();
  #latest: Stage | undefined;

  add({ stage: name, frameId, timeNs }: StageEvent): void {
    const stage = this.#stages.get(name) ?? this.#newStage(name);
    if (stage === undefined) {
      this.ignored++;
      return;
    }
    stage.frames++;
    if (frameId === undefined) {
      this.withoutFrame++;
      return;
    }
    if (stage.previous !== undefined) arrive(stage, stage.previous, frameId, timeNs);
    stage.waiting.set(frameId, timeNs);
    if (stage.waiting.size > maxWaiting) forgetOldest(stage);
  }

  get stages(): readonly StageCount[] {
    return [...this.#stages.values()].map(({ name, frames }) => ({ stage: name, frames }));
  }

  /** What still waits counts as dropped: ask when the pipeline has ended. */
  get pairs(): readonly StagePair[] {
    return [...this.#stages.values()].flatMap(({ name, previous, paired, unmatched, latenciesNs }) => {
      if (previous === undefined) return [];
      const dropped = previous.forgotten + previous.waiting.size;
      const sorted = Float64Array.from(latenciesNs).sort();
      return [{ from: previous.name, to: name, frames: paired, dropped, unmatched, latenciesNs: sorted }];
    });
  }

  #newStage(name: string): Stage | undefined {
    if (this.#stages.size >= maxStages) return undefined;
    const previous = this.#latest;
    const counts = { frames: 0, forgotten: 0, unmatched: 0, paired: 0 };
    const stage: Stage = { name, previous, waiting: new Map(), latenciesNs: [], ...counts };
    this.#latest = stage;
    this.#stages.set(name, stage);
    return stage;
  }
}

function arrive(stage: Stage, previous: Stage, frameId: string, timeNs: number): void {
  const leftNs = previous.waiting.get(frameId);
  if (leftNs === undefined) {
    stage.unmatched++;
    return;
  }
  previous.waiting.delete(frameId);
  stage.paired++;
  if (stage.latenciesNs.length < maxLatencies) stage.latenciesNs.push(timeNs - leftNs);
}

function forgetOldest(stage: Stage): void {
  for (const oldest of stage.waiting.keys()) {
    stage.waiting.delete(oldest);
    stage.forgotten++;
    return;
  }
}
