import {
  type Clock,
  createReceiver,
  knownOptions,
  numberOption,
  OptionError,
  type OptionNames,
  type Receiver,
  type ReceiverKind,
  systemClock,
} from '@benchlab-otel/core';
import { BenchlabRun } from './benchlabRun.ts';
import { checkPortOptions, type PortOptions } from './device/connect.ts';
import { type Host, thisHost } from './device/host.ts';
import { Refusals } from './device/refusals.ts';
import type { FrameReader } from './frame/frameReader.ts';

export interface BenchlabReceiverOptions extends PortOptions {
  /** Samples a second from each board, 1 to 100. Default 20. */
  readonly rateHz?: number;
  /**
   * Moves each poll by up to half a period at random, so that a job in step with the polls is seen. Default true. A board
   * that states that its values are means (an emulated one) does not need it, and is polled on time.
   */
  readonly dither?: boolean;
  /** Uniform random numbers from 0 to 1 for the dither. Default: `Math.random`. */
  readonly random?: () => number;
  readonly clock?: Clock;
}

export const benchlab: ReceiverKind<BenchlabReceiverOptions> = {
  name: 'benchlab',
  summary: 'BENCHLAB power meters on USB: power, voltage and current of each rail, temperatures and fans',
  rate: { default: 20, least: 1, most: 100 },
  create: benchlabReceiver,
};

const optionNames: OptionNames<BenchlabReceiverOptions> = {
  ports: true,
  assumeFirmware: true,
  bridges: true,
  rateHz: true,
  dither: true,
  random: true,
  clock: true,
};

/**
 * Reads every BENCHLAB of this host, or those on `ports`: each board is a source of samples. A board that is unplugged is
 * reported lost and looked for; a board that is plugged in is found. It only ever reads.
 *
 * @throws OptionError that names the wrong option
 * @example
 * const receiver = benchlabReceiver({ rateHz: 50 });
 * await receiver.start(consumer);
 */
export function benchlabReceiver(options: BenchlabReceiverOptions = {}, host: Host = thisHost): Receiver {
  knownOptions<BenchlabReceiverOptions>('benchlabReceiver', options, optionNames);
  const { name, rate } = benchlab;
  const { rateHz = rate.default, clock = systemClock, dither = true, random = Math.random } = options;
  checkPortOptions(options);
  if (typeof dither !== 'boolean') {
    throw new OptionError({ option: 'dither', value: dither, allowed: 'true or false' });
  }
  const intervalNs = 1e9 / numberOption('rateHz', rateHz, rate);
  // Kept over restarts: refused devices stay refused, and boards keep their sensors.
  const memory = { refusals: new Refusals(), readers: new Map<string, FrameReader>() };
  return createReceiver(
    name,
    (consumer) =>
      new BenchlabRun({ name, options, intervalNs, ...(dither && { dither: random }), clock, host, consumer, memory }),
    { reload: () => memory.refusals.forget() },
  );
}
