import { createReportOnce, type Enricher, isThenable, type ReportOnce } from '@benchlab-otel/core';

/** Failures in a row of one hook after which an enricher is no longer called. */
const maxFailures = 5;

export type Hook = 'resource' | 'spanStarted' | 'spanEnded' | 'fields' | 'shutdown';

/**
 * One enricher of a chain and its failures. A failure is reported once for each hook; after five failures of a hook in a
 * row the enricher is switched off, which is reported too.
 */
export class EnricherLink {
  readonly enricher: Enricher;
  readonly #report: ReportOnce;
  readonly #failures: Record<Hook, number> = { resource: 0, spanStarted: 0, spanEnded: 0, fields: 0, shutdown: 0 };
  /** It has failed too often, and is no longer called. */
  isOff = false;

  constructor(enricher: Enricher) {
    this.enricher = enricher;
    this.#report = createReportOnce(`enricher ${enricher.name}`);
  }

  /**
   * Calls a hook, unless the enricher is switched off. Never throws. A promise that `call` returns must not reject into
   * the application, so its rejection counts as a failure here; until then it counts as neither failure nor success.
   */
  attempt(hook: Hook, call: () => unknown): void {
    if (this.isOff) return;
    try {
      const result = call();
      if (isThenable(result)) Promise.resolve(result).catch((error: unknown) => this.failed(hook, error));
      else this.succeeded(hook);
    } catch (error) {
      this.failed(hook, error);
    }
  }

  succeeded(hook: Hook): void {
    this.#failures[hook] = 0;
  }

  failed(hook: Hook, error: unknown): void {
    const failures = ++this.#failures[hook];
    if (this.isOff) return;
    this.isOff = failures >= maxFailures;
    // A line in the log asks each enricher for its fields again: the state above must be up to date before the report.
    if (this.isOff) this.#report(`it is switched off: it failed ${maxFailures} times in a row in ${hook}.`, error);
    else this.#report(`it failed in ${hook}. What it would have added is missing.`, error);
  }
}
