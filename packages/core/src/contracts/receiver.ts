import type { Attributes } from '@opentelemetry/api';
import type { BenchlabError } from '../errors/benchlabError.ts';
import type { LogEventDefinition } from '../registry/definition.ts';
import type { Sample, Source } from './sample.ts';
import type { SelfCount } from './selfCount.ts';

/**
 * Brings samples in from a device.
 *
 * Life cycle: the constructor or factory throws when an option is wrong. `start` resolves when the receiver runs, not
 * at the first sample; the receiver waits for a device that is absent at start, with backoff. `stop` may be called before
 * `start`, twice, or while `start` is pending; after it has resolved, no consumer method is called again and no timer,
 * handle or listener is left. A stopped receiver may be started again.
 *
 * After `start`, nothing throws: a poll that fails is reported, a device that is lost is reported as lost and searched
 * for again. A receiver never invents a value.
 */
export interface Receiver {
  /** As it appears in `benchlab.receiver.name`. */
  readonly name: string;
  start(consumer: SampleConsumer): Promise<void>;
  stop(): Promise<void>;
  /** The user says that something has changed: devices that were left alone are asked again at the next look. */
  reload?(): void;
}

/**
 * Where samples go. Its methods are called synchronously in time order per source; they must not throw or block. A promise
 * that one returns is not awaited; a rejection of it is reported.
 */
export interface SampleConsumer {
  sample(sample: Sample): void;
  /** The source is gone: end its series. It may return later, with a first sample. */
  lost(loss: SourceLoss): void;
  /** One round of asking devices has ended. For the receiver's own metrics. */
  polled?(report: PollReport): void;
  /** Something happened on a source that is not a value. Called after the sample that shows it. */
  event?(event: DeviceEvent): void;
  /** What it has dropped so far: read at each collection of metrics. */
  counts?(): readonly SelfCount[];
}

/** A device that can no longer be read, and why. */
export interface SourceLoss {
  readonly source: Source;
  readonly timeNs: number;
  readonly error: BenchlabError;
}

/** Something that happened on a device: a fault began or ended. It is reported once; a reading comes with every sample. */
export interface DeviceEvent {
  readonly source: Source;
  /** CLOCK_MONOTONIC, ns, of the sample that shows it: it happened after the sample before. */
  readonly timeNs: number;
  readonly definition: LogEventDefinition;
  /** The attributes of the definition. `benchlab.simulated` is among them where the source is simulated. */
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
