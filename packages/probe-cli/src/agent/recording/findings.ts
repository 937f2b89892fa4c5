import type { AgentLogger } from '../agentLog.ts';

/** What is wrong and does not keep the agent from its other work: shown at /healthz, and logged when it begins and when it ends. */
export class Findings {
  readonly #texts = new Map<string, string>();
  readonly #logger: AgentLogger;

  constructor(logger: AgentLogger) {
    this.#logger = logger;
  }

  get all(): readonly string[] {
    return [...this.#texts.values()];
  }

  /** @param key one of a few: each has one text at a time */
  set(key: string, text: string): void {
    if (this.#texts.get(key) === text) return;
    this.#texts.set(key, text);
    this.#logger.warn({ finding: key }, text);
  }

  /** @param message why it is over; undefined where what it was about is gone */
  clear(key: string, message?: string): void {
    if (this.#texts.delete(key) && message !== undefined) this.#logger.info({ finding: key }, message);
  }
}
