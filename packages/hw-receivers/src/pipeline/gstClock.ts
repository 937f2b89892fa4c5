/** Log time behind the first `now=` after which the bracket is taken as it is, ns: the quickest read until then decides. */
const enoughNs = 1e9;
/** Under this the bracket is good enough to begin with, ns. */
const goodNs = 50e3;

/**
 * Where GStreamer's log time is on CLOCK_MONOTONIC. A line `now=` of the pipeline tells what its clock said just before the
 * line was logged: no later could the library have started. Reading a line tells that it was logged before: no earlier could
 * it have started. The truth lies between the latest of the first and the earliest of the second.
 *
 * A pipeline may run on another clock (`clockselect clock-id=realtime`). What that says is ahead of the reads by years, or
 * behind the start of the program; the latter is the bound then, some 10 ms away.
 */
export class GstClock {
  /** CLOCK_MONOTONIC of log time 0, at least and at most, ns. */
  readonly #startedNs: number;
  #toldNs: number | undefined;
  #mostNs = Number.POSITIVE_INFINITY;
  #toldAtNs: number | undefined;
  #fixed: { readonly offsetNs: number; readonly uncertaintyNs: number } | undefined;

  /** @param startedNs when the program was started: its library came later */
  constructor(startedNs: number) {
    this.#startedNs = startedNs;
  }

  /**
   * @param logNs log time of the line
   * @param readNs when the line was read
   * @param nowNs what the line says of the clock of the pipeline
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

  /** Takes the bracket as it is: there is nothing more to wait for. */
  fix(): void {
    if (!Number.isFinite(this.#mostNs)) return;
    const [least, most] = [this.#leastNs, Math.max(this.#mostNs, this.#leastNs)];
    // Times of events are rounded to whole nanoseconds: never 0.
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
