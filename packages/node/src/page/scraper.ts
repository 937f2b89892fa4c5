import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { messageOf, type ReportOnce } from '@benchlab-otel/core';
import { type CollectionResult, TimeoutError } from '@opentelemetry/sdk-metrics';
import { UnansweredCallback } from '../collect/callbackWatch.ts';
import { Pace } from './pace.ts';
import type { PageFormat } from './pageFormat.ts';
import type { PageText } from './pageText.ts';

/** The part of a metric reader that is used here. */
interface Reader {
  collect(options: { timeoutMillis: number }): Promise<CollectionResult>;
}

export interface ScraperOptions {
  readonly timeoutMs: number;
  readonly report: ReportOnce;
  readonly textOf: (format: PageFormat) => PageText;
  /** The metrics whose observable callbacks have not answered, after a collection that failed in part. */
  readonly takeUnanswered?: (limitMs: number) => readonly string[];
}

const compressed = promisify(gzip);

/** Formats whose text is kept for the next scrape: the one that Prometheus asks for, and one more. */
const maxTexts = 2;

/**
 * Collects metrics into the bytes of a page. One scrape runs at a time: requests for the same format that come meanwhile
 * share it, also its compression, and requests for another format wait for it.
 */
export class Scraper {
  readonly #reader: Reader;
  readonly #options: ScraperOptions;
  /** By content type, the last used at the end. */
  readonly #texts = new Map<string, PageText>();
  readonly #running = new Map<string, Promise<Buffer>>();
  #latest: Promise<unknown> = Promise.resolve();

  constructor(reader: Reader, options: ScraperOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  /**
   * The page. A metric whose callback does not answer within half of the time is left out. Rejects when metrics cannot be
   * collected, or not in time.
   *
   * @param isCompressed in gzip
   * @param scraperTimeoutMs how long the scraper waits, where it states that
   */
  async scrape(
    format: PageFormat,
    isCompressed: boolean,
    scraperTimeoutMs: number = Number.POSITIVE_INFINITY,
  ): Promise<Buffer> {
    const { report } = this.#options;
    const timeoutMs = Math.min(this.#options.timeoutMs, scraperTimeoutMs);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`it took more than ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      return await Promise.race([this.#runningOf(format, isCompressed, timeoutMs / 2), timeout]);
    } catch (error) {
      report(`metrics could not be collected: ${messageOf(error)}.`);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #runningOf(format: PageFormat, isCompressed: boolean, collectMs: number): Promise<Buffer> {
    const key = isCompressed ? `${format.contentType} gzip` : format.contentType;
    const known = this.#running.get(key);
    if (known !== undefined) return known;
    const before = this.#latest;
    const page = isCompressed
      ? this.#runningOf(format, false, collectMs).then((text) => compressed(text))
      : before.then(() => this.#collect(format, collectMs));
    const running = page.finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    this.#latest = Promise.allSettled([before, running]);
    return running;
  }

  async #collect(format: PageFormat, collectMs: number): Promise<Buffer> {
    const { report, takeUnanswered } = this.#options;
    const { resourceMetrics, errors } = await this.#reader.collect({ timeoutMillis: collectMs });
    const unanswered = errors.length > 0 ? (takeUnanswered?.(collectMs) ?? []) : [];
    for (const names of unanswered) report(`the callback of ${names} does not answer: it is left out until it does.`);
    // The metrics of the other observable callbacks are still there.
    for (const error of errors) {
      const isNamed = unanswered.length > 0 && (error instanceof UnansweredCallback || error instanceof TimeoutError);
      if (!isNamed) report(`a metric could not be collected: ${messageOf(error)}.`);
    }
    const pieces: Buffer[] = [];
    // The collection itself may have taken a long time.
    await setImmediate();
    const pace = new Pace();
    for (const piece of this.#textOf(format).render(resourceMetrics, pace)) {
      pieces.push(Buffer.from(piece));
      if (!pace.isSpent()) continue;
      // A large page would block the application for tens of milliseconds; one slice takes a few.
      await setImmediate();
      pace.restart();
    }
    await setImmediate();
    return Buffer.concat(pieces);
  }

  #textOf(format: PageFormat): PageText {
    const key = format.contentType;
    const text = this.#texts.get(key) ?? this.#options.textOf(format);
    this.#texts.delete(key);
    this.#texts.set(key, text);
    const oldest = this.#texts.keys().next().value;
    if (this.#texts.size > maxTexts && oldest !== undefined) this.#texts.delete(oldest);
    return text;
  }
}
