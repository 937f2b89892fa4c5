import type { Clock, SampleConsumer } from '@benchlab-otel/core';
import type { Logger } from 'pino';

/** A receiver that fails now and then has at most one pair of lines in this time. */
const quietNs = 60e9;

/** Logs once that a receiver has nothing to read, and what is missing then; and once that it has. */
export function receiverLog(logger: Pick<Logger, 'info' | 'warn'>, clock: Clock): SampleConsumer {
  const silent = new Set<string>();
  const loggedNs = new Map<string, number>();
  return {
    sample() {},
    lost() {},
    polled({ receiver, outcome, error }) {
      if (outcome === 'partial') return;
      if (outcome === 'success') {
        if (!silent.delete(receiver)) return;
        logger.info({ event: 'receiver.recovered', receiver }, `The receiver ${receiver} delivers samples.`);
        return;
      }
      const nowNs = clock.nowNs();
      const lastNs = loggedNs.get(receiver) ?? Number.NEGATIVE_INFINITY;
      if (silent.has(receiver) || nowNs - lastNs < quietNs) return;
      silent.add(receiver);
      loggedNs.set(receiver, nowNs);
      const why = error === undefined ? '' : ` ${error.message}`;
      logger.warn(
        { event: 'receiver.silent', receiver, ...(error && { code: error.code }) },
        `The receiver ${receiver} delivers no samples: until it does, its metrics are missing, and so are joules on spans.${why}`,
      );
    },
  };
}
