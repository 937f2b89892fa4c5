import {
  createReportOnce,
  type Enricher,
  isThenable,
  metric,
  type ReportOnce,
  type SelfCount,
} from '@benchlab-otel/core';

/** Failures in a row of one hook after which an enricher is no longer called. */
const maxFailures = 5;

/** A call that takes longer is counted, ms. */
const slowMs = 5;
/** As many of them in a row are reported: one alone may be the machine's, which let the process wait. */
const reportedSlow = 3;
/** CPU that five calls in a row may use before the enricher is no longer called, ms. */
const tooSlowMs = 50;

export type Hook = 'resource' | 'spanStarted' | 'spanEnded' | 'fields' | 'shutdown';

/**
 * One enricher of a chain, its failures and its time. A failure is reported once for each hook; after five failures of a
 * hook in a row, or five calls in a row that used more than 50 ms of CPU, the enricher is switched off, which is reported
 * too.
 */
export class EnricherLink {
  readonly enricher: Enricher;
  readonly #report: ReportOnce;
  readonly #failures: Record<Hook, number> = { resource: 0, spanStarted: 0, spanEnded: 0, fields: 0, shutdown: 0 };
  /** It has failed or was slow too often, and is no longer called. */
  isOff = false;
  /** Values that were cut or left out. */
  cut = 0;
  #calls = 0;
  #failed = 0;
  #slow = 0;
  #slowInRow = 0;
  #timeMs = 0;
  /** Calls in a row that used too much CPU. */
  #heavy = 0;
  /** The last call took long by the clock: the next one measures its CPU, which costs a microsecond. */
  #isWatched = false;
  readonly #name: { readonly 'benchlab.enricher.name': string };
  readonly #outcomes: readonly [object, object];

  constructor(enricher: Enricher) {
    this.enricher = enricher;
    this.#report = createReportOnce(`enricher ${enricher.name}`);
    this.#name = { 'benchlab.enricher.name': enricher.name };
    this.#outcomes = [
      { ...this.#name, 'benchlab.enricher.outcome': 'success' },
      { ...this.#name, 'benchlab.enricher.outcome': 'failure' },
    ];
  }

  counts(): readonly SelfCount[] {
    const attributes = this.#name;
    const [success, failure] = this.#outcomes;
    const calls = metric.benchlabEnricherCalls;
    return [
      { definition: calls, value: this.#calls - this.#failed, attributes: { ...success } },
      { definition: calls, value: this.#failed, attributes: { ...failure } },
      { definition: metric.benchlabEnricherTime, value: this.#timeMs / 1e3, attributes },
      { definition: metric.benchlabEnricherSlowCalls, value: this.#slow, attributes },
      { definition: metric.benchlabEnricherValuesCut, value: this.cut, attributes },
      { definition: metric.benchlabEnricherEnabled, value: this.isOff ? 0 : 1, attributes },
    ];
  }

  /** Runs a hook, and counts its time. Throws what it throws. */
  timed<T>(hook: Hook, call: () => T): T {
    this.#calls += 1;
    const cpu = this.#isWatched ? process.cpuUsage() : undefined;
    const startMs = performance.now();
    try {
      return call();
    } finally {
      const tookMs = performance.now() - startMs;
      this.#timeMs += tookMs;
      if (tookMs > slowMs) this.#wasSlow(hook, tookMs, cpu);
      else if (this.#slowInRow > 0) this.#wasQuick();
    }
  }

  #wasQuick(): void {
    this.#slowInRow = 0;
    this.#isWatched = false;
    this.#heavy = 0;
  }

  /** A process that waits for its turn is slow by the clock, and has used no CPU. */
  #wasSlow(hook: Hook, tookMs: number, cpu: NodeJS.CpuUsage | undefined): void {
    this.#slow += 1;
    this.#slowInRow += 1;
    this.#isWatched = tookMs > tooSlowMs;
    if (cpu !== undefined) {
      const { user, system } = process.cpuUsage(cpu);
      this.#heavy = (user + system) / 1e3 > tooSlowMs ? this.#heavy + 1 : 0;
    } else this.#heavy = 0;
    if (this.isOff) return;
    this.isOff = this.#heavy >= maxFailures;
    if (this.isOff) {
      this.#report(
        `it is switched off: ${maxFailures} calls in a row used more than ${tooSlowMs} ms of CPU, the last in ${hook}.`,
      );
    } else if (this.#slowInRow === reportedSlow)
      this.#report(`it took more than ${slowMs} ms in ${hook} three times in a row, and the application waits for it.`);
  }

  /**
   * Calls a hook, unless the enricher is switched off. Never throws. A promise that `call` returns must not reject into
   * the application, so its rejection counts as a failure here; until then it counts as neither failure nor success.
   */
  attempt(hook: Hook, call: () => unknown): void {
    if (this.isOff) return;
    try {
      const result = this.timed(hook, call);
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
    this.#failed += 1;
    if (this.isOff) return;
    this.isOff = failures >= maxFailures;
    // A line in the log asks each enricher for its fields again: the state above must be up to date before the report.
    if (this.isOff) this.#report(`it is switched off: it failed ${maxFailures} times in a row in ${hook}.`, error);
    else this.#report(`it failed in ${hook}. What it would have added is missing.`, error);
  }
}
