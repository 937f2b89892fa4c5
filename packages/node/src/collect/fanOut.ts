import type { SampleConsumer } from '@benchlab-otel/core';
import { diag } from '@opentelemetry/api';

/** One consumer that is all of `consumers`. One that throws, against its contract, is reported once and skipped over. */
export function fanOut(consumers: readonly SampleConsumer[]): SampleConsumer {
  const reported = new Set<SampleConsumer>();

  function each(call: (consumer: SampleConsumer) => void): void {
    for (const consumer of consumers) {
      try {
        call(consumer);
      } catch (error) {
        if (reported.has(consumer)) continue;
        reported.add(consumer);
        diag.error('A consumer of samples threw; it gets further samples, but this is not reported again.', error);
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
