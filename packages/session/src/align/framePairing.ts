import type { StageEvent } from '@benchlab-otel/core';
import type { Pairing } from '@benchlab-otel/wire';
import { TimeQueue } from './timeQueue.ts';

/** Two events of one frame. */
export interface FramePair {
  readonly from: StageEvent;
  readonly to: StageEvent;
  readonly pairing: Pairing;
}

/** Frames that wait for their second stage. Ten thousand a second fill it in the window of two seconds. */
const maxWaiting = 50_000;

/** An event at the first stage that has an id. */
interface Waiting {
  readonly event: StageEvent;
  readonly timeNs: number;
  isPaired: boolean;
}

/**
 * Finds which events of two stages are of one frame: by frame id; where one of the two has none, by trace; and events that have
 * neither by order of time. A second event comes at the time of the first or later, within the window. Events come in the order of
 * time, those of the first stage before those of the second at the same instant. Counts never fall.
 */
export class FramePairing {
  readonly pair: readonly [from: string, to: string];
  rows = 0;
  /** Events at the first stage that had no second one within the window. */
  dropped = 0;
  /** Events at the second stage without a first one. */
  unmatched = 0;
  /** Events of a frame that had been at that stage before, within the window: the first counts. */
  repeated = 0;
  readonly #windowNs: number;
  readonly #onDrop: (event: StageEvent) => void;
  readonly #first = new EventIds<Waiting>();
  readonly #firstInTime = new TimeQueue<Waiting>();
  readonly #second = new EventIds<StageEvent>();
  readonly #secondInTime = new TimeQueue<StageEvent>();
  /** Events at the first stage without an id. */
  readonly #plain = new TimeQueue<StageEvent>();

  constructor(pair: FramePairing['pair'], windowNs: number, onDrop: (event: StageEvent) => void = () => undefined) {
    this.pair = pair;
    this.#windowNs = windowNs;
    this.#onDrop = onDrop;
  }

  from(event: StageEvent): void {
    // What is known at an instant must not depend on when `expire` was called before.
    this.expire(event.timeNs);
    if (!hasId(event)) {
      this.#plain.push(event);
      if (this.#plain.size > maxWaiting) this.#dropPlain();
      return;
    }
    const waiting = { event, timeNs: event.timeNs, isPaired: false };
    if (!this.#first.add(event, waiting)) {
      this.repeated++;
      return;
    }
    this.#firstInTime.push(waiting);
    if (this.#firstInTime.size > maxWaiting) this.#dropFirst();
  }

  /** The frame that this event completes. */
  to(event: StageEvent): FramePair | undefined {
    this.expire(event.timeNs);
    const found = hasId(event) ? this.#idTo(event) : this.#plainTo(event);
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

  #idTo(to: StageEvent): FramePair | undefined {
    if (!this.#second.add(to, to)) {
      this.repeated++;
      return undefined;
    }
    this.#secondInTime.push(to);
    if (this.#secondInTime.size > maxWaiting) this.#forgetSecond();
    const byFrame = this.#first.ofFrame(to);
    const from = byFrame ?? this.#ofTrace(to);
    if (from === undefined || from.isPaired) {
      this.unmatched++;
      return undefined;
    }
    from.isPaired = true;
    return { from: from.event, to, pairing: byFrame === undefined ? 'trace' : 'frame' };
  }

  /** A trace may hold many frames: two frame ids that differ are two frames. */
  #ofTrace(to: StageEvent): Waiting | undefined {
    const from = this.#first.ofTrace(to);
    return from?.event.frameId === undefined || to.frameId === undefined ? from : undefined;
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
    const oldest = this.#plain.shift();
    if (oldest !== undefined) this.#drop(oldest);
  }

  #dropFirst(): void {
    const oldest = this.#firstInTime.shift();
    if (oldest === undefined) return;
    this.#first.delete(oldest.event, oldest);
    if (!oldest.isPaired) this.#drop(oldest.event);
  }

  #drop(event: StageEvent): void {
    this.dropped++;
    this.#onDrop(event);
  }

  #forgetSecond(): void {
    const oldest = this.#secondInTime.shift();
    if (oldest !== undefined) this.#second.delete(oldest, oldest);
  }
}

/** What came to one stage, by frame id and by trace. Of a trace with several frames the oldest is found. */
class EventIds<Item> {
  readonly #byFrame = new Map<string, Item>();
  readonly #byTrace = new Map<string, Item>();

  /** False for an event that is there: one of this frame or, for an event without a frame id, of this trace. */
  add({ frameId, traceId }: StageEvent, item: Item): boolean {
    const isKnown = frameId === undefined ? this.#byTrace.has(traceId ?? '') : this.#byFrame.has(frameId);
    if (isKnown) return false;
    if (frameId !== undefined) this.#byFrame.set(frameId, item);
    if (traceId !== undefined && !this.#byTrace.has(traceId)) this.#byTrace.set(traceId, item);
    return true;
  }

  ofFrame({ frameId }: StageEvent): Item | undefined {
    return frameId === undefined ? undefined : this.#byFrame.get(frameId);
  }

  ofTrace({ traceId }: StageEvent): Item | undefined {
    return traceId === undefined ? undefined : this.#byTrace.get(traceId);
  }

  delete({ frameId, traceId }: StageEvent, item: Item): void {
    if (frameId !== undefined) this.#byFrame.delete(frameId);
    if (traceId !== undefined && this.#byTrace.get(traceId) === item) this.#byTrace.delete(traceId);
  }
}

function hasId({ frameId, traceId }: StageEvent): boolean {
  return frameId !== undefined || traceId !== undefined;
}
