/** Lines after which the bracket is taken as it is: thousands a second come, and the quickest read decides. */
const enoughLines = 400;
/** Under this the bracket is good enough to begin with, ns. */
const goodNs = 50e3;

/**
 * Where GStreamer's log time is on CLOCK_MONOTONIC. A line `now=` of the pipeline tells what that clock said just before the
 * line was logged: no later could the library have started. Reading a line tells that it was logged before: no earlier could
 * it have started. The truth lies between the latest of the first and the earliest of the second.
 */
export class GstClock {
  /** CLOCK_MONOTONIC of log time 0, at least and at most, ns. */
  #leastNs: number;
  #mostNs = Number.POSITIVE_INFINITY;
  #hasNow = false;
  #lines = 0;
  #fixed: { readonly offsetNs: number; readonly uncertaintyNs: number } | undefined;

  /** @param startedNs when the program was started: its library came later */
  constructor(startedNs: number) {
    this.#leastNs = startedNs;
  }

  /** @param readNs when the line was read; undefined where it waited among others */
  saw(logNs: number, readNs: number, nowNs: number | undefined): void {
    if (this.#fixed !== undefined) return;
    this.#lines++;
    this.#mostNs = Math.min(this.#mostNs, readNs - logNs);
    if (nowNs !== undefined) {
      this.#hasNow = true;
      this.#leastNs = Math.max(this.#leastNs, nowNs - logNs);
    }
    if (this.#hasNow && (this.#lines >= enoughLines || this.#mostNs - this.#leastNs <= goodNs)) this.fix();
  }

  /** Takes the bracket as it is: there is nothing more to wait for. */
  fix(): void {
    if (!Number.isFinite(this.#mostNs)) return;
    const most = Math.max(this.#mostNs, this.#leastNs);
    this.#fixed ??= { offsetNs: (this.#leastNs + most) / 2, uncertaintyNs: (most - this.#leastNs) / 2 };
  }

  /** Undefined while the bracket may still become tighter. */
  get bracket(): { readonly offsetNs: number; readonly uncertaintyNs: number } | undefined {
    return this.#fixed;
  }
}

/** The clock in a line of the category `pipeline`: `… now=2:48:30.294587782, base_time …`. */
export function nowOf(text: string): number | undefined {
  const found = /\bnow=(\d+):(\d\d):(\d\d)\.(\d{9})/.exec(text);
  if (found === null) return undefined;
  const [, hours, minutes, seconds, nanoseconds] = found;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1e9 + Number(nanoseconds);
}
