import type { DeviceEvent, PollReport, Sample, SourceLoss } from '@benchlab-otel/core';
import { type EncodedLine, encodedLine } from '../samples/encodedLine.ts';
import { isDuration } from '../samples/fields.ts';
import { SampleEncoder } from '../samples/sampleEncoder.ts';
import { attributeFields, errorFields } from '../samples/sampleParts.ts';
import type { HelloMessage } from './protocol.ts';

/**
 * Writes the lines of the bus: samples in their numbered form, and the lines that only the bus has. What cannot be written is
 * counted in `leftOut`.
 */
export class BusEncoder {
  readonly #samples = new SampleEncoder();
  #leftOut = 0;

  /** Readings, samples, events, reports and losses that were not written: see `SampleEncoder`. */
  get leftOut(): number {
    return this.#leftOut + this.#samples.leftOut;
  }

  hello(hello: HelloMessage): EncodedLine {
    return { bytes: Buffer.from(`${JSON.stringify(hello)}\n`), isDroppable: false };
  }

  /** All live sources and their sensors. */
  announcements(): readonly EncodedLine[] {
    return this.#samples.announcements();
  }

  sample(sample: Sample): readonly EncodedLine[] {
    return this.#samples.sample(sample);
  }

  lost(loss: SourceLoss): readonly EncodedLine[] {
    return this.#samples.lost(loss);
  }

  polled({ receiver, outcome, durationNs, missed, error }: PollReport): readonly EncodedLine[] {
    if (!isDuration(durationNs)) return this.#leaveOut();
    const message = { receiver, outcome, durationNs, missed, error: error && errorFields(error) };
    return this.#lines({ kind: 'poll', ...message }, true);
  }

  event({ source, timeNs, definition, attributes }: DeviceEvent): readonly EncodedLine[] {
    const number = this.#samples.numberOf(source);
    if (number === undefined || !isDuration(timeNs)) return this.#leaveOut();
    const message = { source: number, timeNs, event: definition.name, attributes: attributeFields(attributes) };
    return this.#lines({ kind: 'event', ...message }, false);
  }

  /** The notice for a reader that missed lines. */
  dropped(count: number): EncodedLine {
    return { bytes: Buffer.from(`${JSON.stringify({ kind: 'dropped', count })}\n`), isDroppable: false };
  }

  #lines(message: object, isDroppable: boolean): readonly EncodedLine[] {
    const line = encodedLine(message, isDroppable);
    return line === undefined ? this.#leaveOut() : [line];
  }

  #leaveOut(): readonly EncodedLine[] {
    this.#leftOut += 1;
    return [];
  }
}
