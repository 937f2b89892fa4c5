import { callGuarded, createReportOnce, type SampleConsumer } from '@benchlab-otel/core';

/**
 * One consumer that passes everything to each of `consumers`. One that throws, or whose promise rejects, against its
 * contract, is reported once.
 */
export function fanOut(consumers: readonly SampleConsumer[]): SampleConsumer {
  const guarded = consumers.map((consumer) => {
    const report = createReportOnce('consumer of samples');
    const failed = (error: unknown): void =>
      report('it threw. It gets further samples, and further errors are not reported.', error);
    return { consumer, failed };
  });

  function each(call: (consumer: SampleConsumer) => unknown): void {
    for (const { consumer, failed } of guarded) callGuarded(() => call(consumer), failed);
  }

  return {
    sample: (sample) => each((consumer) => consumer.sample(sample)),
    lost: (loss) => each((consumer) => consumer.lost(loss)),
    polled: (report) => each((consumer) => consumer.polled?.(report)),
    event: (event) => each((consumer) => consumer.event?.(event)),
  };
}
