import { type Clock, OptionError, systemClock } from '@benchlab-otel/core';

/** The bound of remembered additions. Beyond it the oldest two become one. */
const maxAdditions = 1024;

/**
 * Tokens a second over the latest window, for `metrics.tokens_per_second`.
 *
 * @example
 * const rate = new TokenRate();
 * for await (const token of generate()) rate.add(1);
 * events.emit({ event: 'completion', metrics: { tokens_per_second: rate.perSecond() } });
 */
export class TokenRate {
  readonly #clock: Clock;
  readonly #windowNs: number;
  readonly #startNs: number;
  #additions: { readonly timeNs: number; readonly tokens: number }[] = [];

  /**
   * @param windowMs length of the window in milliseconds, above 0. Default: 5,000
   * @throws OptionError when `windowMs` is not above 0.
   */
  constructor(windowMs = 5_000, clock: Clock = systemClock) {
    if (!(typeof windowMs === 'number' && windowMs > 0)) {
      throw new OptionError({ option: 'windowMs', value: windowMs, allowed: 'a number above 0' });
    }
    this.#clock = clock;
    this.#windowNs = windowMs * 1e6;
    this.#startNs = clock.nowNs();
  }

  /** Adds tokens that were generated now. A number that is negative or not finite is ignored. */
  add(tokens: number): void {
    if (!(tokens >= 0 && Number.isFinite(tokens))) return;
    this.#additions.push({ timeNs: this.#clock.nowNs(), tokens });
    if (this.#additions.length <= maxAdditions) return;
    this.#forgetBefore(this.#clock.nowNs() - this.#windowNs);
    const [first, second] = this.#additions;
    if (this.#additions.length <= maxAdditions || !first || !second) return;
    this.#additions.splice(0, 2, { timeNs: second.timeNs, tokens: first.tokens + second.tokens });
  }

  /** Tokens a second. 0 while there was no token; undefined before any time has passed. */
  perSecond(): number | undefined {
    const nowNs = this.#clock.nowNs();
    this.#forgetBefore(nowNs - this.#windowNs);
    const seconds = Math.min(this.#windowNs, nowNs - this.#startNs) / 1e9;
    if (!(seconds > 0)) return undefined;
    return this.#additions.reduce((sum, { tokens }) => sum + tokens, 0) / seconds;
  }

  #forgetBefore(timeNs: number): void {
    const first = this.#additions.findIndex((addition) => addition.timeNs > timeNs);
    this.#additions = first === -1 ? [] : this.#additions.slice(first);
  }
}
