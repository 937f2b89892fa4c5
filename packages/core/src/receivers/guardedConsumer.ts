import type { DeviceEvent, PollReport, SampleConsumer, SourceLoss } from '../contracts/receiver.ts';
import type { Sample } from '../contracts/sample.ts';
import { callGuarded } from '../reports/callGuarded.ts';
import { createReport, type Report } from '../reports/report.ts';

/**
 * The consumer of one run of a receiver. It passes everything on until it is closed, and nothing after that. A consumer
 * that throws, or that returns a promise which rejects, does not disturb the receiver: the error is reported through
 * `diag`, at most once a minute.
 */
export class GuardedConsumer implements SampleConsumer {
  readonly #consumer: SampleConsumer;
  readonly #report: Report;
  #isClosed = false;

  /** @param name of the receiver, for error messages */
  constructor(name: string, consumer: SampleConsumer) {
    this.#consumer = consumer;
    this.#report = createReport(name);
  }

  /** The receiver was stopped: what it still reads goes nowhere. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#isClosed = true;
  }

  sample(sample: Sample): void {
    this.#pass('sample', () => this.#consumer.sample(sample));
  }

  lost(loss: SourceLoss): void {
    this.#pass('loss', () => this.#consumer.lost(loss));
  }

  polled(report: PollReport): void {
    this.#pass('poll report', () => this.#consumer.polled?.(report));
  }

  event(event: DeviceEvent): void {
    this.#pass('event', () => this.#consumer.event?.(event));
  }

  #pass(what: string, call: () => unknown): void {
    if (this.#isClosed) return;
    callGuarded(call, (error) => this.#report(`the consumer threw on a ${what}.`, error));
  }
}
