import { BenchlabError, type Receiver, type SampleConsumer, SampleHistory, type Source } from '@benchlab-otel/core';
import { type BoardInfo, benchlabReceiver, findBoards, type RefusedPort } from '@benchlab-otel/hw-receivers';
import { agentReceiver } from '@benchlab-otel/wire';
import { isBoard, MeterWatch } from './meterWatch.ts';

/** Twice the fastest rate at which a board is known to refresh its values; more reads would return the same ones. */
export const defaultRateHz = 20;

/** A board answers within a few milliseconds; several seconds are for a board that is being enumerated. */
const longestFirstSampleMs = 5_000;

export interface MeterOptions {
  /** Ports to look at; all serial ports when empty. */
  readonly ports: readonly string[];
  readonly assumeFirmware?: number;
  readonly rateHz?: number;
  /** False polls boards on time. */
  readonly dither?: boolean;
  /** How long to wait for the first sample; five seconds at most. */
  readonly firstSampleMs?: number;
  /** More consumers of the same samples. */
  readonly consumers?: readonly SampleConsumer[];
}

/** Where the samples of the boards that are being read can be found. */
export interface Meter {
  readonly history: SampleHistory;
  readonly watch: MeterWatch;
}

/**
 * Seven hours of samples at 20 Hz. They take memory as they come, 41 bytes each. A longer run loses the samples of its
 * first hours, and the coverage of its spans shows that.
 */
const historySamples = 2 ** 19;

/** @param rateHz the rate that was asked for; undefined where an agent chooses it */
export function newMeter(rateHz: number | undefined): Meter {
  return { history: new SampleHistory({ capacity: historySamples }), watch: new MeterWatch(rateHz) };
}

/** The boards that were found, and the ports that hold no board. */
export interface FoundBoards {
  readonly boards: readonly BoardInfo[];
  readonly refused: readonly RefusedPort[];
}

export function lookForBoards({
  ports,
  assumeFirmware,
}: Pick<MeterOptions, 'ports' | 'assumeFirmware'>): Promise<FoundBoards> {
  return findBoards({
    ...(ports.length > 0 ? { ports } : {}),
    ...(assumeFirmware === undefined ? {} : { assumeFirmware }),
  });
}

/** The error for a bench without a board: the reason of the first refused port, where there is one. */
export function noBoard(refused: readonly RefusedPort[]): BenchlabError {
  return refused[0]?.error ?? notFound('Check the USB cable, or name its port with --port.');
}

/** The same for a command that has --simulate. */
export function noBoardToRead(refused: readonly RefusedPort[]): BenchlabError {
  const fix = 'Check the USB cable, name its port with --port, or use --simulate to try without a board.';
  return refused[0]?.error ?? notFound(fix);
}

function notFound(fix: string): BenchlabError {
  return new BenchlabError('NO_BOARD', 'No BENCHLAB was found.', fix);
}

/** A meter that was started. */
export type StartedMeter = Meter & { stop(): Promise<void> };

/** Starts reading the boards found, and resolves with the first sample. */
export function startMeter(boards: readonly BoardInfo[], options: MeterOptions): Promise<StartedMeter> {
  const rateHz = options.rateHz ?? defaultRateHz;
  const receiver = benchlabReceiver({
    // Without named ports, a board that comes back under another name is found again.
    ...(options.ports.length > 0 ? { ports: options.ports } : {}),
    rateHz,
    ...(options.dither === undefined ? {} : { dither: options.dither }),
    ...(options.assumeFirmware === undefined ? {} : { assumeFirmware: options.assumeFirmware }),
  });
  const silent = new BenchlabError(
    'TIMEOUT',
    `The board at ${boards.map(({ port }) => port).join(', ')} sent no sample in time.`,
    'Unplug it, plug it in again, and check that no other program reads it.',
  );
  return startReading(receiver, newMeter(rateHz), silent, () => true, options);
}

export interface AgentMeterOptions extends Pick<MeterOptions, 'firstSampleMs' | 'consumers'> {
  /** The socket of the agent. Default: the default socket of agents. */
  readonly path?: string;
}

/**
 * Starts taking the samples of all meters from the agent of this host: its boards, else what GPUs and processors count of
 * themselves. Resolves with the first one, and with that of a board where there is one.
 */
export async function startAgentMeter(options: AgentMeterOptions): Promise<StartedMeter> {
  const meter = await startFromAgent(options, ({ boundary }) => boundary !== undefined, 'a meter');
  await meter.watch.waitFor(0, boardGraceMs, isBoard);
  return meter;
}

/** The same for boards alone. */
export function startAgentBoards(options: AgentMeterOptions): Promise<StartedMeter> {
  return startFromAgent(options, isBoard, 'a board');
}

/** An agent passes on what it reads at once, and reads a board at least once in this time. */
const boardGraceMs = 1_000;

function startFromAgent(
  { path, ...options }: AgentMeterOptions,
  isWanted: (source: Source) => boolean,
  wanted: string,
): Promise<StartedMeter> {
  const receiver = agentReceiver(path === undefined ? {} : { path });
  const silent = new BenchlabError(
    'TIMEOUT',
    `The agent sent no sample of ${wanted} in time.`,
    'Its log states what it reads, and what is missing and why.',
  );
  return startReading(receiver, newMeter(undefined), silent, isWanted, options);
}

async function startReading(
  receiver: Receiver,
  meter: Meter,
  silent: BenchlabError,
  isWanted: (source: Source) => boolean,
  options: Pick<MeterOptions, 'firstSampleMs' | 'consumers'>,
): Promise<StartedMeter> {
  const all: readonly SampleConsumer[] = [meter.history, meter.watch, ...(options.consumers ?? [])];
  let lastFailure: BenchlabError | undefined;
  await receiver.start({
    sample(sample) {
      if (isWanted(sample.source)) for (const consumer of all) consumer.sample(sample);
    },
    lost(loss) {
      if (isWanted(loss.source)) for (const consumer of all) consumer.lost(loss);
    },
    polled(report) {
      // An agent also reports its other receivers. Their failures do not explain a missing board.
      if (report.receiver === receiver.name || report.receiver === 'benchlab')
        lastFailure = report.error ?? lastFailure;
      for (const consumer of all) consumer.polled?.(report);
    },
  });
  const firstSampleMs = Math.min(longestFirstSampleMs, options.firstSampleMs ?? longestFirstSampleMs);
  if (!(await meter.watch.waitFor(0, firstSampleMs))) {
    await receiver.stop();
    throw lastFailure ?? silent;
  }
  return { ...meter, stop: () => receiver.stop() };
}
