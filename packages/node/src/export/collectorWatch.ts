import type { Clock } from '@benchlab-otel/core';
import type { Logger } from 'pino';
import { shownEndpoint } from '../config/otlpTarget.ts';
import { grpcStatus } from './grpcStatus.ts';

/** One line a minute while the collector is away, or too slow. */
const REPORT_EVERY_NS = 60e9;

/** Tells people, once in a while, that exports to one endpoint fail and what to do; and once that they work again. */
export class CollectorWatch {
  readonly #endpoint: string;
  readonly #logger: Pick<Logger, 'info' | 'warn'>;
  readonly #clock: Clock;
  #lostSpans = 0;
  #failures = 0;
  #reportedNs: number | undefined;
  #dropped = 0;
  #droppedReportedNs: number | undefined;

  constructor(endpoint: string, logger: Pick<Logger, 'info' | 'warn'>, clock: Clock) {
    this.#endpoint = shownEndpoint(endpoint);
    this.#logger = logger;
    this.#clock = clock;
  }

  succeeded(): void {
    if (this.#reportedNs === undefined) return;
    this.#logger.info({ event: 'otlp.recovered', lost_spans: this.#lostSpans }, `${this.#endpoint} takes OTLP again.`);
    this.#reportedNs = undefined;
    this.#lostSpans = 0;
    this.#failures = 0;
  }

  /** @param lostSpans spans that went with it; 0 for an export of metrics, whose totals come with the next one */
  failed(error: unknown, lostSpans: number): void {
    this.#lostSpans += lostSpans;
    this.#failures++;
    const nowNs = this.#clock.nowNs();
    if (this.#reportedNs !== undefined && nowNs - this.#reportedNs < REPORT_EVERY_NS) return;
    this.#reportedNs = nowNs;
    this.#logger.warn(
      { event: 'otlp.failed', lost_spans: this.#lostSpans, failed_exports: this.#failures },
      `OTLP export to ${this.#endpoint} failed: ${reason(error)}. ${this.#fix(error)}`,
    );
  }

  /** A span found the queue full. */
  dropped(capacity: number): void {
    this.#dropped++;
    const nowNs = this.#clock.nowNs();
    if (this.#droppedReportedNs !== undefined && nowNs - this.#droppedReportedNs < REPORT_EVERY_NS) return;
    this.#droppedReportedNs = nowNs;
    this.#logger.warn(
      { event: 'otlp.dropped', dropped_spans: this.#dropped },
      `Spans are dropped: ${capacity} wait for ${this.#endpoint} already. ` +
        'Let the collector keep up, sample fewer traces (OTEL_TRACES_SAMPLER), or raise OTEL_BSP_MAX_QUEUE_SIZE.',
    );
  }

  #fix(error: unknown): string {
    const status = grpcStatus(error);
    if (status === 'PERMISSION_DENIED' || status === 'UNAUTHENTICATED') {
      return 'Check the credentials: otlp.headers or OTEL_EXPORTER_OTLP_HEADERS.';
    }
    const otlpHttp = /:4318\/?$/.test(this.#endpoint) ? ' 4318 is the port of OTLP over HTTP; gRPC has 4317.' : '';
    if (status === 'UNIMPLEMENTED') {
      return `Something else answers there: set OTEL_EXPORTER_OTLP_ENDPOINT to the collector.${otlpHttp}`;
    }
    return (
      'Start a collector there, set OTEL_EXPORTER_OTLP_ENDPOINT, or send nothing: ' +
      `OTEL_TRACES_EXPORTER=none and OTEL_METRICS_EXPORTER=prometheus.${otlpHttp}`
    );
  }
}

function reason(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 200);
  // gRPC ends with this where it has nothing to note.
  return message.replace(/\s*Resolution note:\s*$/, '').replace(/[.\s]+$/, '');
}
