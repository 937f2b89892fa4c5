import { numberOption, type StageEvent } from '@benchlab-otel/core';
import type { LatencyRow, RawPower } from '@benchlab-otel/wire';
import { isFlowStage } from '../flow/flow.ts';
import { defaultWindowMs, rowOf } from './alignedRows.ts';
import { type FramePair, FramePairing } from './framePairing.ts';
import { LivePower } from './livePower.ts';
import { TimeQueue } from './timeQueue.ts';

export interface LiveAlignOptions {
  /** Pairs of stages. Default: neighbours, in the order in which stages are first reached. */
  readonly pairs?: readonly (readonly [from: string, to: string])[];
  /** The longest time between the two stages, ms. Default 2,000. */
  readonly windowMs?: number;
  /** Called with each row, in the order of the second time as far as events came in time. */
  readonly onRow?: (row: LatencyRow) => void;
}

/** What one pair of stages has come to so far. No count ever falls. */
export interface LiveCounts {
  readonly pair: readonly [from: string, to: string];
  readonly rows: number;
  /** Frames that did not reach the second stage within the window. */
  readonly dropped: number;
  readonly unmatched: number;
  readonly repeated: number;
}

const nsPerMs = 1e6;
/** Sources of one host deliver within milliseconds; a source in batches, within tenths of a second. */
const settleNs = 0.5e9;
/** Events that wait to be put in order: ten times what 20,000 a second need. */
const maxHeld = 100_000;
/** Rows that wait for their power: those of ten seconds at 10,000 a second. */
const maxRows = 100_000;
/** Pairs of neighbours; a pipeline names about ten stages. */
const maxPairs = 64;

/**
 * Joins stages and power while they are recorded, with the rows that `alignedPairs` makes of the same lines later, half a
 * second after they happened. An event that comes more than half a second after a later one was dealt with is counted in
 * `late`, and is in no live row. No source is waited for: one that is silent holds back nothing.
 */
export class LiveAlign {
  /** Events that came too late to be in a row. */
  late = 0;
  readonly #pairs: FramePairing[] = [];
  readonly #isFixed: boolean;
  readonly #windowNs: number;
  readonly #onRow: (row: LatencyRow) => void;
  readonly #power = new LivePower();
  readonly #stages = new Set<string>();
  #lastStage: string | undefined;
  /** Events at the last stage, within the window: it may yet be the first of a pair. */
  readonly #atLastStage = new TimeQueue<StageEvent>();
  #held: StageEvent[] = [];
  #isSorted = true;
  #doneNs = Number.NEGATIVE_INFINITY;
  #rows: { readonly pair: FramePairing['pair']; readonly frame: FramePair }[] = [];

  /** @throws OptionError for a window that is not a number above 0 */
  constructor({ pairs, windowMs = defaultWindowMs, onRow = () => undefined }: LiveAlignOptions = {}) {
    this.#windowNs = numberOption('windowMs', windowMs, { least: Number.MIN_VALUE }) * nsPerMs;
    this.#onRow = onRow;
    this.#isFixed = pairs !== undefined;
    for (const pair of pairs ?? []) this.#pairs.push(new FramePairing(pair, this.#windowNs));
  }

  get counts(): readonly LiveCounts[] {
    return this.#pairs;
  }

  get latestPower(): RawPower | undefined {
    return this.#power.latest;
  }

  event(event: StageEvent): void {
    if (event.timeNs <= this.#doneNs) {
      this.late++;
      return;
    }
    this.#isSorted &&= (this.#held.at(-1)?.timeNs ?? event.timeNs) <= event.timeNs;
    this.#held.push(event);
    if (this.#held.length > maxHeld) this.#settle(this.#held[this.#held.length >> 1]?.timeNs ?? event.timeNs);
  }

  power(power: RawPower): void {
    this.#power.add(power);
  }

  /** Time has passed: call it some times a second. @param nowNs CLOCK_MONOTONIC */
  advance(nowNs: number): void {
    this.#settle(nowNs - settleNs);
    for (const pair of this.#pairs) pair.expire(nowNs - settleNs);
    this.#emit(nowNs);
  }

  /** Nothing more comes: all that waits becomes rows. */
  end(): void {
    this.#settle(Number.POSITIVE_INFINITY);
    for (const pair of this.#pairs) pair.expire(Number.POSITIVE_INFINITY);
    this.#emit(Number.POSITIVE_INFINITY);
  }

  #settle(untilNs: number): void {
    if (!this.#isSorted) this.#held.sort((a, b) => a.timeNs - b.timeNs);
    this.#isSorted = true;
    let at = 0;
    for (let end = at; at < this.#held.length; at = end) {
      const timeNs = this.#held[at]?.timeNs ?? 0;
      if (timeNs > untilNs) break;
      while (this.#held[end]?.timeNs === timeNs) end++;
      this.#instant(this.#held.slice(at, end));
      this.#doneNs = timeNs;
    }
    if (at > 0) this.#held = this.#held.slice(at);
  }

  /** Events of one instant: a frame may be at both stages in it. */
  #instant(events: readonly StageEvent[]): void {
    if (!this.#isFixed) for (const event of events) this.#neighbour(event);
    for (const pair of this.#pairs) {
      const [from, to] = pair.pair;
      for (const event of events) if (event.stage === from) pair.from(event);
      for (const event of events) {
        const frame = event.stage === to ? pair.to(event) : undefined;
        if (frame !== undefined) this.#rows.push({ pair: pair.pair, frame });
      }
    }
    if (this.#rows.length > maxRows) this.#emit(Number.POSITIVE_INFINITY);
  }

  #neighbour(event: StageEvent): void {
    const { stage, timeNs } = event;
    if (isFlowStage(stage)) return;
    if (!this.#stages.has(stage) && this.#pairs.length < maxPairs) this.#newStage(stage);
    if (stage !== this.#lastStage) return;
    this.#atLastStage.push(event);
    const isOver = () => timeNs - (this.#atLastStage.first?.timeNs ?? timeNs) > this.#windowNs;
    while (isOver() || this.#atLastStage.size > maxHeld) this.#atLastStage.shift();
  }

  #newStage(stage: string): void {
    if (this.#lastStage !== undefined) {
      const pair = new FramePairing([this.#lastStage, stage], this.#windowNs);
      for (const event of this.#atLastStage) pair.from(event);
      this.#pairs.push(pair);
    }
    while (this.#atLastStage.size > 0) this.#atLastStage.shift();
    this.#stages.add(stage);
    this.#lastStage = stage;
  }

  #emit(nowNs: number): void {
    let at = 0;
    for (const { pair, frame } of this.#rows) {
      if (nowNs !== Number.POSITIVE_INFINITY && !this.#power.isKnown(frame.to.timeNs, nowNs)) break;
      at++;
      this.#onRow(rowOf(pair, frame, this.#power.series));
    }
    if (at > 0) this.#rows = this.#rows.slice(at);
  }
}
