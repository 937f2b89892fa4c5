import type { StageEvent } from '@benchlab-otel/core';
import { FrameTimes } from './frameTimes.ts';
import { PairTally, type StagePair } from './stagePair.ts';

/** Stages that are compared; a pipeline names about ten. */
const maxStages = 64;

export interface StageCount {
  readonly stage: string;
  readonly frames: number;
}

interface Stage {
  readonly name: string;
  readonly index: number;
  frames: number;
  /** Of the earliest event, ns. */
  firstNs: number;
}

/** Which stages are compared: by name, from and to. */
export type WantedPair = readonly [from: string, to: string];

/**
 * Frames, drops and latencies from stage events, paired by frame id, in any order of events. Neighbours in the order of
 * their earliest events are compared. A pipeline that forks has no neighbours: the caller names its pairs.
 */
export class StagePairs {
  /** Events of stages beyond the bound. */
  ignored = 0;
  /** Events without a frame id, which are paired with nothing. */
  withoutFrame = 0;
  /** Further events of a frame at the same stage, as of packets. The first counts. */
  repeated = 0;
  readonly #wanted: readonly WantedPair[];
  readonly #stages = new Map<string, Stage>();
  readonly #tallies = new Map<string, PairTally>();
  readonly #frames: FrameTimes = new FrameTimes((timesNs) => this.#settle(timesNs));
  /** Found once, and again after a new stage. */
  #compared: readonly (readonly [Stage, Stage])[] | undefined;

  /** @param wanted the pairs to compare; neighbours when empty */
  constructor(wanted: readonly WantedPair[] = []) {
    this.#wanted = wanted;
  }

  add({ stage: name, frameId, timeNs }: StageEvent): void {
    const stage = this.#stages.get(name) ?? this.#newStage(name, timeNs);
    if (stage === undefined) {
      this.ignored++;
      return;
    }
    stage.firstNs = Math.min(stage.firstNs, timeNs);
    if (frameId === undefined) {
      this.withoutFrame++;
      stage.frames++;
    } else if (this.#frames.add(frameId, stage.index, timeNs)) stage.frames++;
    else this.repeated++;
  }

  /** No more events come: frames that never reached a stage were dropped before it. */
  close(): void {
    this.#frames.close();
  }

  get stages(): readonly StageCount[] {
    return this.#ordered().map(({ name, frames }) => ({ stage: name, frames }));
  }

  /** Complete after `close`. */
  get pairs(): readonly StagePair[] {
    return this.#pairs().map(([from, to]) => this.#tally(from, to).of(from.name, to.name));
  }

  /** Names of wanted stages without an event. */
  get missing(): readonly string[] {
    return [...new Set(this.#wanted.flat())].filter((name) => !this.#stages.has(name));
  }

  #settle(timesNs: readonly (number | undefined)[]): void {
    for (const [from, to] of this.#pairs()) this.#tally(from, to).add(timesNs[from.index], timesNs[to.index]);
  }

  #tally(from: Stage, to: Stage): PairTally {
    const key = `${from.index} ${to.index}`;
    const tally = this.#tallies.get(key) ?? new PairTally();
    this.#tallies.set(key, tally);
    return tally;
  }

  /** A stage that appears after frames were settled may come between two neighbours: then those frames are not reported. */
  #pairs(): readonly (readonly [Stage, Stage])[] {
    this.#compared ??= this.#wanted.length === 0 ? neighbours(this.#ordered()) : this.#wantedStages();
    return this.#compared;
  }

  #wantedStages(): readonly (readonly [Stage, Stage])[] {
    return this.#wanted.flatMap(([from, to]) => {
      const [first, second] = [this.#stages.get(from), this.#stages.get(to)];
      return first && second ? [[first, second] as const] : [];
    });
  }

  #ordered(): readonly Stage[] {
    return [...this.#stages.values()].sort((a, b) => a.firstNs - b.firstNs);
  }

  #newStage(name: string, timeNs: number): Stage | undefined {
    if (this.#stages.size >= maxStages) return undefined;
    const stage: Stage = { name, index: this.#stages.size, frames: 0, firstNs: timeNs };
    this.#stages.set(name, stage);
    this.#compared = undefined;
    return stage;
  }
}

function neighbours(stages: readonly Stage[]): readonly (readonly [Stage, Stage])[] {
  return stages.slice(1).flatMap((to, index) => {
    const from = stages[index];
    return from === undefined ? [] : [[from, to] as const];
  });
}
