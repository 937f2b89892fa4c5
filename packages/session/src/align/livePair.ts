import type { StageEvent } from '@benchlab-otel/core';
import type { FramePair } from './framePairs.ts';
import { TimeQueue } from './timeQueue.ts';

/** Frames that wait for their second stage. Ten thousand a second fill it in the window of two seconds. */
const maxWaiting = 50_000;

/** An event at the first stage. */
interface Waiting extends Pick<StageEvent, 'timeNs' | 'frameId'> {
  readonly event: StageEvent;
  isPaired: boolean;
}

/** One pair of stages while it is recorded. Events come in the order of time; counts never fall. */
export class LivePair {
  readonly pair: readonly [from: string, to: string];
  rows = 0;
  dropped = 0;
  unmatched = 0;
  repeated = 0;
  readonly #windowNs: number;
  readonly #first = new Map<string, Waiting>();
  readonly #firstInTime = new TimeQueue<Waiting>();
  readonly #second = new Set<string>();
  readonly #secondInTime = new TimeQueue<StageEvent>();
  /** Events without a frame id. */
  readonly #plain = new TimeQueue<StageEvent>();

  constructor(pair: readonly [from: string, to: string], windowNs: number) {
    this.pair = pair;
    this.#windowNs = windowNs;
  }

  from(event: StageEvent): void {
    const { frameId, timeNs } = event;
    if (frameId === undefined) {
      this.#plain.push(event);
      if (this.#plain.size > maxWaiting) this.#dropPlain();
    } else if (this.#first.has(frameId)) this.repeated++;
    else {
      const waiting = { event, frameId, timeNs, isPaired: false };
      this.#first.set(frameId, waiting);
      this.#firstInTime.push(waiting);
      if (this.#first.size > maxWaiting) this.#dropFirst();
    }
  }

  /** The frame that this event completes. */
  to(event: StageEvent): FramePair | undefined {
    this.expire(event.timeNs);
    const found = event.frameId === undefined ? this.#plainTo(event) : this.#framedTo(event, event.frameId);
    if (found !== undefined) this.rows++;
    return found;
  }

  /** Nothing older than the window is waited for. */
  expire(nowNs: number): void {
    const isOld = (timeNs: number | undefined) => timeNs !== undefined && nowNs - timeNs > this.#windowNs;
    while (isOld(this.#firstInTime.first?.timeNs)) this.#dropFirst();
    while (isOld(this.#secondInTime.first?.timeNs)) this.#forgetSecond();
    while (isOld(this.#plain.first?.timeNs)) this.#dropPlain();
  }

  #framedTo(to: StageEvent, frameId: string): FramePair | undefined {
    if (this.#second.has(frameId)) {
      this.repeated++;
      return undefined;
    }
    this.#second.add(frameId);
    this.#secondInTime.push(to);
    if (this.#second.size > maxWaiting) this.#forgetSecond();
    const from = this.#first.get(frameId);
    if (from === undefined) {
      this.unmatched++;
      return undefined;
    }
    from.isPaired = true;
    return { from: from.event, to, pairing: 'frame' };
  }

  #plainTo(to: StageEvent): FramePair | undefined {
    const from = this.#plain.shift();
    if (from === undefined) {
      this.unmatched++;
      return undefined;
    }
    return { from, to, pairing: 'fifo' };
  }

  #dropPlain(): void {
    if (this.#plain.shift() !== undefined) this.dropped++;
  }

  #dropFirst(): void {
    const oldest = this.#firstInTime.shift();
    if (oldest === undefined) return;
    this.#first.delete(oldest.frameId ?? '');
    if (!oldest.isPaired) this.dropped++;
  }

  #forgetSecond(): void {
    this.#second.delete(this.#secondInTime.shift()?.frameId ?? '');
  }
}
