import type { StageFact } from './fact.ts';

/** A frame that reached a stage and the next one, or the first of them alone. */
export interface PairedFrame {
  readonly from: string;
  readonly to: string;
  /** When it reached the second stage, or was given up. */
  readonly timeMs: number;
  /** Absent: it never reached the second stage within the window. */
  readonly latencyMs?: number;
  /** By frame id. False: by order of time. */
  readonly isExact: boolean;
  readonly simulated: boolean;
}

interface Frame {
  /** The time at each stage, by its place in the list of stages. */
  readonly facts: (StageFact | undefined)[];
  newestMs: number;
}

/** Stages of one node; a pipeline names about ten. */
const mostStages = 64;
/** Frames that wait for further stages. At 1,000 a second, two windows of 2 s. */
const mostFrames = 4_096;
/** A frame that has reached no further stage for this time was dropped, ms: the window of the alignment of sessions. */
const windowMs = 2_000;
/** A stream from which nothing came for this time has delivered all that there is, ms. */
export const quietMs = 1_000;
const nsPerMs = 1e6;

/**
 * Pairs the stages of one node while events come: by frame id, and by order of time where events have none. Neighbours in the
 * order in which stages are first reached are compared. The pairing of a whole session is in `@benchlab-otel/session`; this one
 * gives each frame once it is known, and holds a bounded number of frames.
 */
export class LivePairs {
  /** Events of stages beyond the bound, and further events of a frame at one stage. */
  ignored = 0;
  readonly #emit: (frame: PairedFrame) => void;
  readonly #stages = new Map<string, { firstMs: number; index: number }>();
  #order: readonly string[] = [];
  readonly #frames = new Map<string, Frame>();
  /** Events without a frame, by stage, that wait for one of the next stage. */
  readonly #waiting = new Map<string, StageFact[]>();

  #newestMs = Number.NEGATIVE_INFINITY;
  #hasNew = false;
  #quietSinceMs = Number.NEGATIVE_INFINITY;

  constructor(emit: (frame: PairedFrame) => void) {
    this.#emit = emit;
  }

  add(fact: StageFact): void {
    this.#hasNew = true;
    this.#newestMs = Math.max(this.#newestMs, fact.timeMs);
    const stage = this.#stages.get(fact.stage) ?? this.#newStage(fact);
    if (stage === undefined) {
      this.ignored++;
      return;
    }
    if (fact.timeMs < stage.firstMs) {
      stage.firstMs = fact.timeMs;
      this.#reorder();
    }
    if (fact.frameId === undefined) this.#addByOrder(fact);
    else this.#addFrame(fact, fact.frameId, stage.index);
  }

  /**
   * Gives up the frames of a stream that have waited longer than the window at `nowMs`. While events come, the newest of them
   * is the time: what a reader has not got yet may be the further stage of a frame.
   */
  settleLive(nowMs: number): void {
    if (this.#hasNew) this.#quietSinceMs = nowMs;
    this.#hasNew = false;
    const isQuiet = nowMs - this.#quietSinceMs >= quietMs;
    this.settle(isQuiet ? nowMs : Math.min(nowMs, this.#newestMs));
  }

  /** Gives up frames that have waited longer than the window before `timeMs`. */
  settle(timeMs: number): void {
    for (const [id, frame] of this.#frames) {
      if (frame.newestMs >= timeMs - windowMs) break;
      this.#drop(id, frame);
    }
    for (const [stage, facts] of this.#waiting) {
      while (facts[0] !== undefined && facts[0].timeMs < timeMs - windowMs) this.#dropByOrder(stage, facts.shift());
    }
  }

  #addFrame(fact: StageFact, id: string, index: number): void {
    const frame = this.#frames.get(id) ?? this.#newFrame();
    if (frame.facts[index] !== undefined) {
      this.ignored++;
      return;
    }
    frame.facts[index] = fact;
    frame.newestMs = Math.max(frame.newestMs, fact.timeMs);
    // The order of the map is that of the newest events: settling looks at the front alone.
    this.#frames.delete(id);
    this.#frames.set(id, frame);
    const at = this.#order.indexOf(fact.stage);
    const before = this.#at(frame, at - 1);
    if (before !== undefined) this.#pair(before, fact, true);
    const after = this.#at(frame, at + 1);
    if (after !== undefined) this.#pair(fact, after, true);
  }

  #addByOrder(fact: StageFact): void {
    const at = this.#order.indexOf(fact.stage);
    const before = this.#order[at - 1];
    const waiting = before === undefined ? undefined : this.#waiting.get(before);
    if (waiting !== undefined && before !== undefined) {
      while (waiting[0] !== undefined && fact.timeMs - waiting[0].timeMs > windowMs)
        this.#dropByOrder(before, waiting.shift());
      const first = waiting[0];
      if (first !== undefined && first.timeNs <= fact.timeNs) {
        waiting.shift();
        this.#pair(first, fact, false);
      }
    }
    const own = this.#waiting.get(fact.stage) ?? [];
    this.#waiting.set(fact.stage, own);
    own.push(fact);
    if (own.length > mostFrames) this.#dropByOrder(fact.stage, own.shift());
  }

  #pair(from: StageFact, to: StageFact, isExact: boolean): void {
    const latencyMs = (to.timeNs - from.timeNs) / nsPerMs;
    if (latencyMs < 0) return;
    const simulated = from.simulated === true || to.simulated === true;
    this.#emit({ from: from.stage, to: to.stage, timeMs: to.timeMs, latencyMs, isExact, simulated });
  }

  /** The frame reached some stage and not the next one. After the last stage nothing is missing. */
  #drop(id: string, frame: Frame): void {
    this.#frames.delete(id);
    for (const [at, stage] of this.#order.entries()) {
      const fact = this.#at(frame, at);
      const next = this.#order[at + 1];
      if (fact === undefined || next === undefined || this.#at(frame, at + 1) !== undefined) continue;
      const simulated = fact.simulated === true;
      this.#emit({ from: stage, to: next, timeMs: fact.timeMs, isExact: true, simulated });
    }
  }

  #dropByOrder(stage: string, fact: StageFact | undefined): void {
    const next = this.#order[this.#order.indexOf(stage) + 1];
    if (fact === undefined || next === undefined) return;
    this.#emit({ from: stage, to: next, timeMs: fact.timeMs, isExact: false, simulated: fact.simulated === true });
  }

  #at(frame: Frame, at: number): StageFact | undefined {
    const stage = this.#order[at];
    const index = stage === undefined ? undefined : this.#stages.get(stage)?.index;
    return index === undefined ? undefined : frame.facts[index];
  }

  #newFrame(): Frame {
    if (this.#frames.size >= mostFrames) {
      for (const [oldest, frame] of this.#frames) {
        this.#drop(oldest, frame);
        break;
      }
    }
    return { facts: [], newestMs: Number.NEGATIVE_INFINITY };
  }

  #newStage({ stage, timeMs }: StageFact): { firstMs: number; index: number } | undefined {
    if (this.#stages.size >= mostStages) return undefined;
    const made = { firstMs: timeMs, index: this.#stages.size };
    this.#stages.set(stage, made);
    this.#reorder();
    return made;
  }

  #reorder(): void {
    this.#order = [...this.#stages]
      .sort(([a, first], [b, second]) => first.firstMs - second.firstMs || (a < b ? -1 : 1))
      .map(([stage]) => stage);
  }
}
