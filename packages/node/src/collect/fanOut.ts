import { createReportOnce, type SampleConsumer } from '@benchlab-otel/core';

/** One consumer that passes all to each of `consumers`. One that throws, against its contract, is reported once. */
export function fanOut(consumers: readonly SampleConsumer[]): SampleConsumer {
  const guarded = consumers.map((consumer) => ({ consumer, report: createReportOnce('consumer of samples') }));

  function each(call: (consumer: SampleConsumer) => void): void {
    for (const { consumer, report } of guarded) {
      try {
        call(consumer);
      } catch (error) {
        report('it threw. It gets further samples, and further errors are not reported.', error);
      }
    }
  }

  return {
    sample: (sample) => each((consumer) => consumer.sample(sample)),
    lost: (loss) => each((consumer) => consumer.lost(loss)),
    polled: (report) => each((consumer) => consumer.polled?.(report)),
    event: (event) => each((consumer) => consumer.event?.(event)),
  };
}
