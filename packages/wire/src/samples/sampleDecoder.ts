import type { Reading, Sample, SampleConsumer, Sensor, Source } from '@benchlab-otel/core';
import { BadLine } from '../lines/badLine.ts';
import { maxAnnouncedBytes, maxAnnouncementBytes, maxSensors, maxSources } from './bounds.ts';
import { type Fields, isNumber, positiveField, timeField, wholeField } from './fields.ts';
import { errorOf, sensorOf, sourceOf } from './sampleParts.ts';
import type { Vocabulary } from './vocabulary.ts';

interface KnownSource {
  readonly source: Source;
  readonly number: number;
  /** By number; undefined for those whose metric is not known here. */
  readonly sensors: Map<number, Sensor | undefined>;
  announcedBytes: number;
}

/** The kinds of lines that `SampleEncoder` writes. */
export type SampleKind = 'source' | 'sensor' | 'sample' | 'lost';

/**
 * Reads the numbered form of samples (docs/formats/sample.md). Each line is checked whole before anything of it is delivered.
 * A bad line throws BadLine: the lines that follow could mean something else, so the caller must stop reading.
 */
export class SampleDecoder {
  /** By kind. `bytes`: the length of the line, which bounds what announcements may take. Default 0. */
  readonly kinds: Readonly<Record<SampleKind, (message: Fields, bytes?: number) => void>> = {
    source: (message, bytes = 0) => this.#source(message, bytes),
    sensor: (message, bytes = 0) => this.#sensor(message, bytes),
    sample: (message) => this.#consumer.sample(this.#sample(message)),
    lost: (message) => this.#lost(message),
  };
  readonly #consumer: Pick<SampleConsumer, 'sample' | 'lost'>;
  readonly #words: Vocabulary;
  readonly #byNumber = new Map<number, KnownSource>();
  readonly #byId = new Map<string, KnownSource>();
  #announcedBytes = 0;

  constructor(consumer: Pick<SampleConsumer, 'sample' | 'lost'>, words: Vocabulary) {
    this.#consumer = consumer;
    this.#words = words;
  }

  get sources(): readonly Source[] {
    return [...this.#byId.values()].map(({ source }) => source);
  }

  /** The source that a message names by its number in the field `source`. */
  sourceOf(message: Fields): Source {
    return this.#known(message).source;
  }

  #source(message: Fields, bytes: number): void {
    const number = this.#newNumber(message);
    const source = sourceOf(message, this.#words);
    // A source that is announced again has new numbers; its old ones are not used any more.
    const before = this.#byId.get(source.id);
    if (before !== undefined) this.#forget(before);
    else if (this.#byId.size >= maxSources) throw new BadLine(`more than ${maxSources} sources`);
    const known = { source, number, sensors: new Map(), announcedBytes: 0 };
    this.#count(known, bytes);
    this.#byNumber.set(number, known);
    this.#byId.set(source.id, known);
  }

  #sensor(message: Fields, bytes: number): void {
    const known = this.#known(message);
    const { source, sensors } = known;
    const number = this.#newNumber(message);
    if (sensors.has(number)) throw new BadLine('a sensor that was announced before');
    if (sensors.size >= maxSensors) throw new BadLine(`more than ${maxSensors} sensors of a source`);
    this.#count(known, bytes);
    sensors.set(number, sensorOf(message, source, this.#words));
  }

  #sample(message: Fields): Sample {
    const { source, sensors } = this.#known(message);
    const timeNs = timeField(message);
    const uncertaintyNs = positiveField(message, 'uncertaintyNs');
    const pairs = message.readings;
    if (!Array.isArray(pairs) || pairs.length % 2 !== 0) throw new BadLine('"readings" is not a list of pairs');
    const readings: Reading[] = [];
    for (let at = 0; at < pairs.length; at += 2) {
      const [number, value] = [pairs[at], pairs[at + 1]];
      if (!sensors.has(number)) throw new BadLine('a reading of a sensor that was not announced');
      if (!isNumber(value)) throw new BadLine('a reading that is not a number');
      const sensor = sensors.get(number);
      if (sensor !== undefined) readings.push({ sensor, value });
    }
    const totals = message.totals === undefined ? undefined : this.#words.totals(message, 'totals');
    return { source, timeNs, uncertaintyNs, readings, ...(totals && { totals }) };
  }

  #lost(message: Fields): void {
    const known = this.#known(message);
    const loss = { source: known.source, timeNs: timeField(message), error: errorOf(message) };
    this.#forget(known);
    this.#consumer.lost(loss);
  }

  #count(known: KnownSource, bytes: number): void {
    if (bytes > maxAnnouncementBytes) throw new BadLine(`an announcement of more than ${maxAnnouncementBytes} bytes`);
    if (this.#announcedBytes + bytes > maxAnnouncedBytes) {
      throw new BadLine(`announcements of more than ${maxAnnouncedBytes} bytes`);
    }
    known.announcedBytes += bytes;
    this.#announcedBytes += bytes;
  }

  #forget({ source, number, announcedBytes }: KnownSource): void {
    this.#announcedBytes -= announcedBytes;
    this.#byNumber.delete(number);
    this.#byId.delete(source.id);
  }

  #known(message: Fields): KnownSource {
    const known = this.#byNumber.get(wholeField(message, 'source'));
    if (known === undefined) throw new BadLine('a source that was not announced');
    return known;
  }

  #newNumber(message: Fields): number {
    const number = wholeField(message, 'number');
    if (this.#byNumber.has(number)) throw new BadLine('a number that was given before');
    return number;
  }
}
