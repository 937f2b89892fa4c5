import { describe, expect, it } from 'vitest';
import type { PollReport } from '../contracts/receiver.ts';
import { BenchlabError, type BenchlabErrorCode } from '../errors/benchlabError.ts';
import * as registry from '../registry/metrics.ts';
import { setUp } from './sampleMetrics.suite.ts';

describe('receivers', () => {
  it('counts polls by outcome, and those missed, and has the latest duration', () => {
    const { metrics, points, values } = setUp();
    metrics.polled({ receiver: 'benchlab', outcome: 'success', durationNs: 2e6, missed: 0 });
    metrics.polled({ receiver: 'benchlab', outcome: 'failure', durationNs: 5e6, missed: 3 });
    const polls = points(registry.benchlabReceiverPolls);
    expect(polls.map(({ attributes, value }) => [attributes['benchlab.poll.outcome'], value])).toEqual([
      ['success', 1],
      ['partial', 0],
      ['failure', 1],
      ['no_data', 0],
    ]);
    expect(values(registry.benchlabReceiverMissed)).toEqual([3]);
    expect(values(registry.benchlabReceiverDuration)).toEqual([0.005]);
  });

  it('counts what brought less than all by the kind of the trouble, and nothing else', () => {
    const { metrics, points } = setUp();
    const error = (code: BenchlabErrorCode) => new BenchlabError(code, 'What.', 'Fix.');
    const polled = (outcome: PollReport['outcome'], code?: BenchlabErrorCode) =>
      metrics.polled({ receiver: 'r', outcome, durationNs: 1, missed: 0, ...(code && { error: error(code) }) });
    polled('success');
    polled('failure', 'NO_REPLY');
    polled('failure', 'NO_REPLY');
    polled('partial', 'BAD_REPLY');
    polled('no_data', 'NO_DEVICE');
    expect(
      points(registry.benchlabReceiverFailures).map(({ attributes, value }) => [attributes['error.type'], value]),
    ).toEqual([
      ['NO_REPLY', 2],
      ['BAD_REPLY', 1],
    ]);
  });

  it('no more than 64 receivers are kept, and the rest counted as dropped', () => {
    const { metrics, values } = setUp();
    for (let i = 0; i < 66; i += 1) {
      metrics.polled({ receiver: `r${i}`, outcome: 'success', durationNs: 1, missed: 0 });
    }
    expect(values(registry.benchlabReceiverDuration)).toHaveLength(64);
    expect(values(registry.benchlabSampleDropped)).toEqual([2]);
  });
});
