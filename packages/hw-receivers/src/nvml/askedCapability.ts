import { Backoff } from '../time/backoff.ts';
import { inWords, policyOf } from './codes.ts';

/** After this number of unexplained codes in a row a value is asked for less and less often. */
const maxUnknown = 10;
/** What the GPU once had comes back soon, or after a while. */
const soon = { firstNs: 1e9, longestNs: 60e9 } as const;
/** What it never had it most likely lacks. A driver that was loaded a moment ago refuses values that it has. */
const seldom = { firstNs: 60e9, longestNs: 600e9 } as const;

/** Then the wait is the longest, and it was asked for once more: the value has gone for good (MIG was turned on). */
const reportedNs = 2 * soon.longestNs;

/** How one GPU answers for one capability: a refusal is not for ever, because drivers refuse for seconds what they have. */
export class AskedCapability {
  /** The capability is asked for with back-off: it was refused, or unexplained too often. */
  isRefused = false;
  #values = new Set<string>();
  #missing: readonly string[] = [];
  #missingSinceNs: number | undefined;
  #unknown = 0;
  #retry = new Backoff(seldom.firstNs, seldom.longestNs);

  isDue(nowNs: number): boolean {
    return this.#retry.isDue(nowNs);
  }

  /** Values that the GPU once had and does not give now, with the reason; empty while all is well, and after two minutes. */
  get refusal(): readonly string[] {
    return this.#missing;
  }

  /** @param given names of the values that the answer had */
  answered(code: number, given: readonly string[], nowNs: number): void {
    this.#take(code, given, nowNs);
    if (this.#missing.length === 0) this.#missingSinceNs = undefined;
    else this.#missingSinceNs ??= nowNs;
    if (this.#missingSinceNs === undefined || nowNs - this.#missingSinceNs < reportedNs) return;
    // It is still asked for. What comes back is new.
    this.#values = new Set(given);
    this.#missing = [];
    this.#missingSinceNs = undefined;
  }

  #take(code: number, given: readonly string[], nowNs: number): void {
    const policy = policyOf(code);
    if (policy === 'success') {
      this.#succeeded(given);
      return;
    }
    // Without a sample for a moment: it is counted as that.
    this.#missing = policy === 'skip' ? [] : [...this.#values].map((name) => `${name} (${inWords(code)})`);
    this.#unknown = policy === 'unknown' ? this.#unknown + 1 : 0;
    if (policy !== 'unsupported' && policy !== 'denied' && this.#unknown < maxUnknown) return;
    this.isRefused = true;
    this.#retry.failed(nowNs);
  }

  #succeeded(given: readonly string[]): void {
    const isNew = given.some((name) => !this.#values.has(name));
    if (isNew) {
      this.#values = new Set([...this.#values, ...given]);
      this.#retry = new Backoff(soon.firstNs, soon.longestNs);
    }
    // A batch of fields, and the fans, have a code for each value.
    this.#missing =
      given.length === this.#values.size
        ? []
        : [...this.#values].flatMap((name) => (given.includes(name) ? [] : `${name} (NVML gives no value)`));
    this.isRefused = false;
    this.#unknown = 0;
    this.#retry.succeeded();
  }
}
