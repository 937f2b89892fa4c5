import { diag } from '@opentelemetry/api';

/** Distinct warnings remembered. Beyond, nothing more is said: what repeats is more likely than what is new. */
const maxWarnings = 200;

/** Says everything once: a scrape comes every few seconds, and each would repeat what the first has said. */
export class Warnings {
  readonly #said = new Set<string>();

  warn(message: string): void {
    if (this.#said.has(message) || this.#said.size >= maxWarnings) return;
    this.#said.add(message);
    diag.warn(message);
  }
}
