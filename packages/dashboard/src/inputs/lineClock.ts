import { type Clock, type ClockAnchor, systemClock } from '@benchlab-otel/core';
import type { InputClock } from '../model/inputStates.ts';

/** A time further ahead than this is not of this host's clock, ns. */
const mostAheadNs = 5e9;
/** The clocks of a host drift apart, and the wall clock is set: both are read again after this time, ns. */
const renewNs = 10e9;
const nsPerMs = 1e6;

/** Makes the time of day of CLOCK_MONOTONIC: by a header, by the clocks of this host, or, of another host, by arrival. */
export class LineClock {
  /** Undefined before the first time. */
  kind: InputClock | undefined;
  readonly #clock: Clock;
  #anchor: ClockAnchor | undefined;
  #isFixed = false;

  /** @param anchor of a recording; later headers replace it */
  constructor(clock: Clock = systemClock, anchor?: ClockAnchor) {
    this.#clock = clock;
    if (anchor !== undefined) this.header(anchor);
  }

  header(anchor: ClockAnchor): void {
    this.#anchor = anchor;
    this.#isFixed = true;
    this.kind = 'recorded';
  }

  /** ms since 1970 of `timeNs`. */
  epochMs(timeNs: number): number {
    if (!this.#isFixed) this.#useOwn(timeNs);
    const { timeNs: anchorNs, epochNs } = this.#anchor ?? this.#clock.anchor();
    return Number(epochNs) / nsPerMs + (timeNs - anchorNs) / nsPerMs;
  }

  #useOwn(timeNs: number): void {
    const nowNs = this.#clock.nowNs();
    if (this.kind === undefined && timeNs > nowNs + mostAheadNs) {
      // Of another host: its first line counts as of now.
      this.#anchor = { ...this.#clock.anchor(), timeNs };
      this.#isFixed = true;
      this.kind = 'unknown';
      return;
    }
    this.kind = 'this host';
    if (this.#anchor === undefined || nowNs - this.#anchor.timeNs > renewNs) this.#anchor = this.#clock.anchor();
  }
}
