/** When a failed action may be tried again: the wait doubles after each failure, up to a bound. */
export class Backoff {
  readonly #firstNs: number;
  readonly #longestNs: number;
  #waitNs: number;
  #dueNs = Number.NEGATIVE_INFINITY;

  constructor(firstNs: number, longestNs: number) {
    this.#firstNs = firstNs;
    this.#longestNs = longestNs;
    this.#waitNs = firstNs;
  }

  isDue(nowNs: number): boolean {
    return nowNs >= this.#dueNs;
  }

  failed(nowNs: number): void {
    this.#dueNs = nowNs + this.#waitNs;
    this.#waitNs = Math.min(this.#waitNs * 2, this.#longestNs);
  }

  succeeded(): void {
    this.#waitNs = this.#firstNs;
    this.#dueNs = Number.NEGATIVE_INFINITY;
  }
}
