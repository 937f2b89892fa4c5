import { type Clock, messageOf } from '@benchlab-otel/core';
import type { Logger } from 'pino';
import { exportAdvice } from './exportAdvice.ts';
import { shownEndpoint } from './otlpTarget.ts';

/** At most one line of each kind in this time while the collector is away, or too slow. */
const quietNs = 60e9;

/** A kind of trouble that has a line in the log now and then, with the counts so far. */
interface Trouble {
  reportedNs: number | undefined;
  count: number;
}

/** Logs that exports to one endpoint fail and what to do, at most once a minute; and once that they work again. */
export class CollectorWatch {
  readonly #endpoint: string;
  readonly #logger: Pick<Logger, 'info' | 'warn'>;
  readonly #clock: Clock;
  readonly #proxy: string | undefined;
  readonly #failures: Trouble = { reportedNs: undefined, count: 0 };
  readonly #drops: Trouble = { reportedNs: undefined, count: 0 };
  #lostSpans = 0;

  /** @param proxy the variable by which the connection goes through a proxy */
  constructor(endpoint: string, logger: Pick<Logger, 'info' | 'warn'>, clock: Clock, proxy?: string) {
    this.#endpoint = shownEndpoint(endpoint);
    this.#logger = logger;
    this.#clock = clock;
    this.#proxy = proxy;
  }

  succeeded(): void {
    if (this.#failures.reportedNs === undefined) return;
    this.#logger.info(
      { event: 'otlp.recovered', lost_spans: this.#lostSpans },
      `${this.#endpoint} accepts OTLP again.`,
    );
    this.#failures.reportedNs = undefined;
    this.#failures.count = 0;
    this.#lostSpans = 0;
  }

  /** @param lostSpans spans that were lost with the export; 0 for metrics, whose totals come with the next export */
  failed(error: unknown, lostSpans: number): void {
    this.#lostSpans += lostSpans;
    if (!this.#isDue(this.#failures)) return;
    this.#logger.warn(
      { event: 'otlp.failed', lost_spans: this.#lostSpans, failed_exports: this.#failures.count },
      `OTLP export to ${this.#endpoint} failed: ${reason(error)}. ${exportAdvice(error, this.#endpoint, this.#proxy)}`,
    );
  }

  /** The queue was full, so a span was dropped. */
  dropped(capacity: number): void {
    if (!this.#isDue(this.#drops)) return;
    this.#logger.warn(
      { event: 'otlp.dropped', dropped_spans: this.#drops.count },
      `Spans are dropped: ${capacity} already wait for ${this.#endpoint}. ` +
        'Give the collector more capacity, sample fewer traces (OTEL_TRACES_SAMPLER), or raise OTEL_BSP_MAX_QUEUE_SIZE.',
    );
  }

  /** Counts one more; true where the trouble is to be reported now. */
  #isDue(trouble: Trouble): boolean {
    trouble.count++;
    const nowNs = this.#clock.nowNs();
    if (trouble.reportedNs !== undefined && nowNs - trouble.reportedNs < quietNs) return false;
    trouble.reportedNs = nowNs;
    return true;
  }
}

function reason(error: unknown): string {
  // gRPC ends a message with this where it has no note.
  return messageOf(error)
    .slice(0, 200)
    .replace(/\s*Resolution note:\s*$/, '')
    .replace(/[.\s]+$/, '');
}
