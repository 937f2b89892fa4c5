import { type DeviceEvent, logEvents, type Sample, type SampleConsumer } from '@benchlab-otel/core';
import { diag } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { fanOut } from './fanOut.ts';

const sample: Sample = {
  source: { id: 'meter', name: 'Meter', simulated: true, attributes: {} },
  timeNs: 1,
  uncertaintyNs: 0,
  readings: [],
};

/** A consumer that keeps the samples it gets. */
function keeper(): SampleConsumer & { readonly samples: Sample[] } {
  const samples: Sample[] = [];
  return { samples, sample: (got) => void samples.push(got), lost: () => {} };
}

describe('fanOut', () => {
  afterEach(() => diag.disable());

  it('gives every consumer everything, whether or not it takes reports of polls', () => {
    const [first, second] = [keeper(), keeper()];
    const outcomes: string[] = [];

    const all = fanOut([first, { ...second, polled: (report) => void outcomes.push(report.outcome) }]);
    all.sample(sample);
    all.polled?.({ receiver: 'test', outcome: 'success', durationNs: 1, missed: 0 });

    expect([first.samples, second.samples]).toEqual([[sample], [sample]]);
    expect(outcomes).toEqual(['success']);
  });

  it('passes events of devices to the consumers that take them', () => {
    const events: DeviceEvent[] = [];
    const event = { source: sample.source, timeNs: 1, definition: logEvents.benchlabFaultChange, attributes: {} };

    fanOut([keeper(), { ...keeper(), event: (got) => void events.push(got) }]).event?.(event);

    expect(events).toEqual([event]);
  });

  it.each<[string, () => void]>([
    [
      'that throws',
      () => {
        throw new Error('full');
      },
    ],
    ['whose promise rejects', () => Promise.reject(new Error('full'))],
  ])('hides one %s from the others and from the receiver, and reports it once', async (_what, fail) => {
    const reports: string[] = [];
    const quiet = () => {};
    const warn = (message: string) => void reports.push(message);
    diag.setLogger({ error: quiet, warn, info: quiet, debug: quiet, verbose: quiet });
    const after = keeper();
    const broken: SampleConsumer = { sample: fail, lost: fail };

    const all = fanOut([broken, after]);
    all.sample(sample);
    all.sample(sample);
    // A rejection without a handler is raised before the next turn of the event loop, and fails this test.
    await new Promise((resolve) => setImmediate(resolve));

    expect(after.samples).toHaveLength(2);
    expect(reports).toHaveLength(1);
  });
});
