import type { Attributes } from '@opentelemetry/api';
import type { BenchlabError } from '../errors/benchlabError.ts';
import type { LogEventDefinition } from '../registry/definition.ts';
import type { Sample, Source } from './sample.ts';
import type { SelfCount } from './selfCount.ts';

/**
 * Brings samples in from a device.
 *
 * Life cycle: `start` resolves when the receiver runs, not when the first sample has come; a device that is absent at
 * start is the receiver's to wait for, with backoff, unless its options are wrong, in which case the constructor has
 * already thrown. `stop` may be called unstarted, twice, or while `start` is pending; once it has resolved, no consumer
 * method is called again and no timer, handle or listener is left. A stopped receiver may be started again.
 *
 * After `start`, nothing throws: a poll that fails is reported, a device that is lost is reported lost and looked for
 * again. A receiver never makes up a value.
 */
export interface Receiver {
  /** As it appears in `benchlab.receiver.name`. */
  readonly name: string;
  start(consumer: SampleConsumer): Promise<void>;
  stop(): Promise<void>;
}

/** Where samples go. Its methods are called synchronously in time order per source; they must not throw or block. */
export interface SampleConsumer {
  sample(sample: Sample): void;
  /** The source is gone: end its series. It may come back later, with a first sample. */
  lost(loss: SourceLoss): void;
  /** One round of asking devices ended. For the receiver's own metrics. */
  polled?(report: PollReport): void;
  /** Something happened on a source that is no value. Comes after the sample that shows it. */
  event?(event: DeviceEvent): void;
  /** What it dropped so far: read at each collection of metrics. */
  counts?(): readonly SelfCount[];
}

export interface SourceLoss {
  readonly source: Source;
  readonly timeNs: number;
  readonly error: BenchlabError;
}

/** Something that happened on a device: a fault came or went. It is told once, where a reading is told with every sample. */
export interface DeviceEvent {
  readonly source: Source;
  /** CLOCK_MONOTONIC, ns, of the sample that shows it: it happened after the sample before. */
  readonly timeNs: number;
  readonly definition: LogEventDefinition;
  /** As the definition names them. `benchlab.simulated` is among them where the source is simulated. */
  readonly attributes: Attributes;
}

/** How one poll went. `no_data` is neither success nor failure: there was nothing to ask. */
export interface PollReport {
  readonly receiver: string;
  readonly outcome: 'success' | 'partial' | 'failure' | 'no_data';
  readonly durationNs: number;
  /** Polls that were due while this one ran, and were skipped. */
  readonly missed: number;
  readonly error?: BenchlabError;
}
