import type { Clock } from '../contracts/clock.ts';
import type { PollReport } from '../contracts/receiver.ts';
import { BenchlabError } from '../errors/benchlabError.ts';
import { createReport } from '../reports/report.ts';

/** How one poll went. `silent`: nothing was due, and the receiver's own metrics should not count it. */
export type PollResult =
  | { readonly outcome: PollReport['outcome']; readonly error?: BenchlabError }
  | { readonly outcome: 'silent' };

export interface PollingOptions {
  /** Name of the receiver, for reports. */
  readonly receiver: string;
  readonly clock: Clock;
  /** Between two deadlines, ns. */
  readonly intervalNs: number;
  /** After each poll that is not a success the interval doubles, up to this. A success sets it back. */
  readonly maxIntervalNs?: number;
  /**
   * Uniform random numbers from 0 to 1. With it, each poll after the first is moved by up to half an interval to either
   * side of its deadline, so that a job in step with the polling is seen at all of its phases. Its deadline stays in place.
   */
  readonly dither?: () => number;
  /** After this a poll counts as failed and its signal aborts, ns. */
  readonly timeoutNs: number;
  /** Must settle soon after the signal has aborted, because the next poll waits for it. */
  poll(signal: AbortSignal): Promise<PollResult>;
  /** Receives how each poll went. Not called after `stop`. */
  report(report: PollReport): void;
}

/** A loop of polls that runs. */
export interface Polling {
  /** No poll starts and no report comes after this call; resolves when the running poll has ended. */
  stop(): Promise<void>;
}

/**
 * The loop of every receiver that asks: absolute deadlines, first poll at once, never two at a time. Deadlines that pass
 * while a poll runs are skipped and counted. With dither, each deadline is the middle of the time that its poll may start in.
 */
export function startPolling(options: PollingOptions): Polling {
  const { clock } = options;
  const reportTrouble = createReport(options.receiver);
  let isStopped = false;
  let intervalNs = options.intervalNs;
  let dueNs = clock.nowNs();
  let cancelNext = (): void => undefined;
  let running: Promise<void> = Promise.resolve();
  let abort: AbortController | undefined;

  async function round(): Promise<void> {
    const startNs = clock.nowNs();
    abort = new AbortController();
    const poll = attempt(abort.signal);
    const timeout = expiry(abort);
    const result = await Promise.race([poll, timeout.expired]);
    timeout.cancel();
    const endNs = clock.nowNs();
    if (isStopped) return void (await poll);
    if (result.outcome === 'timeout') {
      report(startNs, endNs, { outcome: 'failure', error: result.error });
      await poll;
    } else {
      report(startNs, endNs, result);
    }
    if (!isStopped) next();
  }

  function report(startNs: number, endNs: number, result: PollResult): void {
    const isBad = result.outcome !== 'success' && result.outcome !== 'silent';
    intervalNs = isBad
      ? Math.min(intervalNs * 2, Math.max(options.intervalNs, options.maxIntervalNs ?? options.intervalNs))
      : options.intervalNs;
    const missed = skipped(endNs);
    if (result.outcome === 'silent') return;
    const { outcome, error } = result;
    const durationNs = endNs - startNs;
    const base = { receiver: options.receiver, outcome, durationNs, missed };
    try {
      options.report(error ? { ...base, error } : base);
    } catch (thrown) {
      reportTrouble('the consumer threw on a poll report.', thrown);
    }
  }

  /** Deadlines that passed strictly before `endNs`, beyond the one that this poll was for. */
  function skipped(endNs: number): number {
    const latestNs = dueNs + (options.dither ? intervalNs / 2 : 0);
    return Math.max(0, Math.ceil((endNs - latestNs) / intervalNs) - 1);
  }

  function next(): void {
    // Multiples of the interval since the last deadline: lateness never adds up.
    dueNs += (skipped(clock.nowNs()) + 1) * intervalNs;
    arm(options.dither ? (options.dither() - 0.5) * intervalNs : 0);
  }

  function arm(offsetNs: number): void {
    cancelNext = clock.at(dueNs + offsetNs, () => {
      running = round();
    });
  }

  async function attempt(signal: AbortSignal): Promise<PollResult> {
    try {
      return await options.poll(signal);
    } catch (thrown) {
      const what = `${options.receiver}: a poll threw.`;
      const error = new BenchlabError('UNSUPPORTED', what, 'Please report it.', { cause: thrown });
      return { outcome: 'failure', error: thrown instanceof BenchlabError ? thrown : error };
    }
  }

  function expiry(controller: AbortController): {
    expired: Promise<{ readonly outcome: 'timeout'; readonly error: BenchlabError }>;
    cancel(): void;
  } {
    let cancel = (): void => undefined;
    const expired = new Promise<{ outcome: 'timeout'; error: BenchlabError }>((resolve) => {
      cancel = clock.at(clock.nowNs() + options.timeoutNs, () => {
        const seconds = options.timeoutNs / 1e9;
        const what = `${options.receiver}: a poll took more than ${seconds} s.`;
        controller.abort();
        resolve({ outcome: 'timeout', error: new BenchlabError('TIMEOUT', what, 'Check the device and its driver.') });
      });
    });
    return { expired, cancel: () => cancel() };
  }

  arm(0);
  return {
    async stop() {
      isStopped = true;
      cancelNext();
      abort?.abort();
      await running;
    },
  };
}
