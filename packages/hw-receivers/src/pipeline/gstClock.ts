/** Log time after the first `now=` at which the bracket is fixed, ns: the quickest read until then decides. */
const enoughNs = 1e9;
/** A narrower bracket is good enough to begin with, ns. */
const goodNs = 50e3;

/**
 * Where log time 0 of GStreamer is on CLOCK_MONOTONIC. A line `now=` of the pipeline holds its clock just before the line was
 * logged: a lower bound of log time 0. The time at which a line is read is later than the line: an upper bound. The truth
 * lies between the highest lower bound and the lowest upper bound.
 *
 * A pipeline may run on another clock (`clockselect clock-id=realtime`). Its times are years ahead of the reads, or before
 * the start of the program. Then the start of the program is the lower bound, about 10 ms away.
 */
export class GstClock {
  /** CLOCK_MONOTONIC of log time 0, at least and at most, ns. */
  readonly #startedNs: number;
  #toldNs: number | undefined;
  #mostNs = Number.POSITIVE_INFINITY;
  #toldAtNs: number | undefined;
  #fixed: { readonly offsetNs: number; readonly uncertaintyNs: number } | undefined;

  /** @param startedNs when the program was started, before its library */
  constructor(startedNs: number) {
    this.#startedNs = startedNs;
  }

  /**
   * @param logNs log time of the line
   * @param readNs when the line was read
   * @param nowNs the clock of the pipeline in the line, if it holds one
   */
  saw(logNs: number, readNs: number, nowNs: number | undefined): void {
    if (this.#fixed !== undefined) return;
    this.#mostNs = Math.min(this.#mostNs, readNs - logNs);
    if (nowNs !== undefined) {
      this.#toldAtNs ??= logNs;
      this.#toldNs = Math.max(this.#toldNs ?? Number.NEGATIVE_INFINITY, nowNs - logNs);
    }
    const isGood = this.#mostNs - this.#leastNs <= goodNs;
    if (isGood || (this.#toldAtNs !== undefined && logNs >= this.#toldAtNs + enoughNs)) this.fix();
  }

  /** Fixes the bracket: it does not become tighter any more. */
  fix(): void {
    if (!Number.isFinite(this.#mostNs)) return;
    const [least, most] = [this.#leastNs, Math.max(this.#mostNs, this.#leastNs)];
    // Times of events are rounded to whole nanoseconds, so the uncertainty is never 0.
    this.#fixed ??= { offsetNs: (least + most) / 2, uncertaintyNs: Math.max((most - least) / 2, 1) };
  }

  /** Undefined while the bracket may still become tighter. */
  get bracket(): { readonly offsetNs: number; readonly uncertaintyNs: number } | undefined {
    return this.#fixed;
  }

  get #leastNs(): number {
    const isOfThisClock = this.#toldNs !== undefined && this.#toldNs <= this.#mostNs;
    return isOfThisClock ? Math.max(this.#startedNs, this.#toldNs ?? 0) : this.#startedNs;
  }
}

/** The clock in a line of the category `pipeline`: `… now=2:48:30.294587782, base_time …`. */
export function nowOf(text: string): number | undefined {
  const found = /\bnow=(\d+):(\d\d):(\d\d)\.(\d{9})/.exec(text);
  if (found === null) return undefined;
  const [, hours, minutes, seconds, nanoseconds] = found;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1e9 + Number(nanoseconds);
}
