import { type Clock, type Receiver, type SampleConsumer, systemClock } from '@benchlab-otel/core';
import { checkPortOptions, type PortOptions } from './device/connect.ts';
import { type Host, thisHost } from './device/host.ts';
import { Refusals } from './device/refusals.ts';
import type { FrameReader } from './frame/frameReader.ts';
import { ReceiverRun } from './receiverRun.ts';

export interface BenchlabReceiverOptions extends PortOptions {
  /** Samples a second from each board, 1 to 100. Default 20. */
  readonly rateHz?: number;
  readonly clock?: Clock;
}

const defaultRateHz = 20;
const rateBounds = { min: 1, max: 100 };

/**
 * Reads every BENCHLAB of this host, or those on `ports`: each board a source of samples. Boards that are unplugged are
 * reported lost and looked for; boards that are plugged in are found. It only ever reads.
 *
 * @throws TypeError or RangeError that names the wrong option
 * @example
 * const receiver = benchlabReceiver({ rateHz: 50 });
 * await receiver.start(consumer);
 */
export function benchlabReceiver(options: BenchlabReceiverOptions = {}, host: Host = thisHost): Receiver {
  checkPortOptions(options);
  const rateHz = options.rateHz ?? defaultRateHz;
  if (!(rateHz >= rateBounds.min && rateHz <= rateBounds.max)) {
    throw new RangeError(`rateHz: ${rateHz} is not between ${rateBounds.min} and ${rateBounds.max}.`);
  }
  const { clock = systemClock } = options;
  // Kept over restarts: refused devices stay refused, and boards keep their sensors.
  const memory = { refusals: new Refusals(), readers: new Map<string, FrameReader>() };
  const name = 'benchlab';
  let run: ReceiverRun | undefined;
  let stopping: Promise<void> = Promise.resolve();
  return {
    name,
    async start(consumer: SampleConsumer) {
      if (run) throw new Error(`${name} is already started: stop it first.`);
      const next = new ReceiverRun({ name, options, intervalNs: 1e9 / rateHz, clock, host, consumer, memory });
      run = next;
      await stopping;
      if (run === next) next.start();
    },
    async stop() {
      const current = run;
      run = undefined;
      if (current) stopping = Promise.all([stopping, current.stop()]).then(() => undefined);
      await stopping;
    },
  };
}
