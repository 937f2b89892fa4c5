import { counted, type SeriesRecorder } from '@benchlab-otel/analysis';
import { type Clock, messageOf } from '@benchlab-otel/core';
import { type Scrape, type ScrapeLimits, scrape } from './scrape.ts';

export interface PageWatchOptions {
  readonly url: string;
  /** Where the page is, in its notes. Default: the address. */
  readonly place?: string;
  readonly clock: Clock;
  /** Gets each page that is right. */
  readonly recorder: SeriesRecorder;
  /** Called after each page. Once it was true, the page is read less often. */
  readonly isSatisfied: () => boolean;
  readonly limits?: ScrapeLimits;
}

/** A metrics page that is read again and again. */
export interface PageWatch {
  /** Pages that were right. */
  readonly pages: number;
  /** Ends it. The page that is being read is not waited for. */
  stop(): Promise<void>;
  /** What went wrong, a sentence each. */
  readonly notes: readonly string[];
}

/** While something that is wanted is missing, ms. The last page is at most this older than the end of the program. */
const eagerMs = 250;
const calmMs = 1_000;
/** Until the page is there, ms. A refused connection costs some 0.2 ms. */
const absentMs = 50;
/** Reading a page takes at most this share of the time of the program. */
const share = 0.1;

/** Reads a page until it is stopped: as often as it takes to see it shortly before the end of its program. */
export function watchPage({ url, place = url, clock, recorder, isSatisfied, limits }: PageWatchOptions): PageWatch {
  const ending = new AbortController();
  const failures = new Map<string, number>();
  let pages = 0;
  let isCalm = false;
  let wake = () => {};

  const run = async () => {
    while (!ending.signal.aborted) {
      const beforeNs = clock.nowNs();
      const result = await scrape(url, limits, ending.signal);
      if (ending.signal.aborted) return;
      const nowNs = clock.nowNs();
      take(result, nowNs);
      const tookMs = (nowNs - beforeNs) * 1e-6;
      const pauseMs = result.outcome === 'absent' ? absentMs : isCalm ? calmMs : eagerMs;
      await pause(Math.max(pauseMs, tookMs / share));
    }
  };
  const failed = (why: string) => {
    if (failures.has(why) || failures.size < maxFailures) failures.set(why, (failures.get(why) ?? 0) + 1);
  };
  const take = (result: Scrape, nowNs: number) => {
    if (result.outcome === 'absent') return;
    if (result.outcome !== 'page') {
      failed(result.why);
      return;
    }
    pages += 1;
    recorder.addPage(result.page.series, nowNs);
    try {
      isCalm ||= isSatisfied();
    } catch (error) {
      failed(messageOf(error));
    }
  };
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const cancel = clock.at(clock.nowNs() + ms * 1e6, resolve, { background: true });
      wake = () => {
        cancel();
        resolve();
      };
    });

  const done = run();
  return {
    get pages() {
      return pages;
    },
    stop() {
      ending.abort();
      wake();
      return done;
    },
    get notes() {
      if (pages === 0 && failures.size === 0) return [`there was no metrics page at ${place}: nothing listened there`];
      return Array.from(
        failures,
        ([why, times]) => `the metrics page at ${place} was not read ${counted(times, 'time')}: ${why}`,
      );
    },
  };
}

/** Different reasons that are kept. */
const maxFailures = 10;
