import { setImmediate } from 'node:timers/promises';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import { PageText } from './pageText.ts';
import { Warnings } from './warnings.ts';

/** What is asked of a reader of metrics here. */
interface Reader {
  collect(options: { timeoutMillis: number }): Promise<CollectionResult>;
}

/** Collects metrics into the bytes of a page. Scrapes that come while one runs share it, so there is one at a time. */
export class Scraper {
  readonly #reader: Reader;
  readonly #text: PageText;
  readonly #timeoutMs: number;
  readonly #warnings = new Warnings();
  #running: Promise<Buffer> | undefined;

  constructor(reader: Reader, constantLabels: Readonly<Record<string, string>>, timeoutMs: number) {
    this.#reader = reader;
    this.#text = new PageText(constantLabels);
    this.#timeoutMs = timeoutMs;
  }

  /** The page, complete. Rejects when metrics cannot be collected, or not in time. */
  async scrape(): Promise<Buffer> {
    this.#running ??= this.#collect().finally(() => {
      this.#running = undefined;
    });
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`collecting took over ${this.#timeoutMs} ms`)), this.#timeoutMs);
    });
    try {
      return await Promise.race([this.#running, timeout]);
    } catch (error) {
      this.#warnings.warn(`Metrics could not be collected: ${messageOf(error)}.`);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #collect(): Promise<Buffer> {
    const { resourceMetrics, errors } = await this.#reader.collect({ timeoutMillis: this.#timeoutMs });
    // One observable callback that fails takes nothing from the others.
    for (const error of errors) this.#warnings.warn(`A metric could not be collected: ${messageOf(error)}.`);
    const slices: Buffer[] = [];
    for (const slice of this.#text.render(resourceMetrics)) {
      slices.push(Buffer.from(slice));
      // A large page would hold up the application for tens of milliseconds; a slice of it takes a few.
      await setImmediate();
    }
    return Buffer.concat(slices);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
