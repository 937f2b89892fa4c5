import { diag } from '@opentelemetry/api';
import type { BenchlabError } from '../contracts/error.ts';

const maxRemembered = 64;

/** Tells people what is wrong, each thing once. Beyond 64 things, no more: by then they know. */
export class SaidOnce {
  readonly #said = new Set<string>();

  warn(receiver: string, error: BenchlabError): void {
    if (this.#said.has(error.message) || this.#said.size >= maxRemembered) return;
    this.#said.add(error.message);
    diag.warn(`${receiver}: ${error.message}`);
  }
}
