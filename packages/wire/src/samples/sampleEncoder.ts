import type { Reading, Sample, Sensor, Source, SourceLoss } from '@benchlab-otel/core';
import { maxAnnouncedBytes, maxAnnouncementBytes, maxSensors, maxSources } from './bounds.ts';
import { type EncodedLine, encodedLine } from './encodedLine.ts';
import { isDuration, isNumber } from './fields.ts';
import { errorFields, sensorFields, sourceFields, totalsFields } from './sampleParts.ts';

interface LiveSource {
  readonly source: Source;
  readonly number: number;
  readonly sensors: Map<Sensor, number>;
  /** What a reader that comes late must get first. */
  readonly announcements: EncodedLine[];
  announcedBytes: number;
}

/**
 * Writes the numbered form of samples (docs/formats/sample.md). A source and its sensors are announced once, with the lines
 * of the first sample that has them, and referred to by number from then on. Numbers are never used again.
 */
export class SampleEncoder {
  /** Readings, samples and losses that were not written: too many or too long sources or sensors, a line too long, not a number. */
  leftOut = 0;
  readonly #live = new Map<string, LiveSource>();
  #announcedBytes = 0;
  #lastNumber = 0;

  /** All live sources and their sensors. */
  announcements(): readonly EncodedLine[] {
    return [...this.#live.values()].flatMap(({ announcements }) => announcements);
  }

  /** The number of a live source; undefined for an older connection of a source that has come back. */
  numberOf(source: Source): number | undefined {
    const live = this.#live.get(source.id);
    return live?.source === source ? live.number : undefined;
  }

  sample({ source, timeNs, uncertaintyNs, readings, totals }: Sample): readonly EncodedLine[] {
    const lines: EncodedLine[] = [];
    const isTimed = isDuration(timeNs) && isDuration(uncertaintyNs);
    const live = isTimed ? this.#liveSource(source, readings, lines) : undefined;
    if (live === undefined) {
      this.leftOut += Math.max(1, readings.length);
      return [];
    }
    const pairs = this.#pairs(live, readings, lines);
    const message = { timeNs, uncertaintyNs, readings: pairs, totals: totalsFields(totals) };
    this.#append(lines, { kind: 'sample', source: live.number, ...message }, true);
    return lines;
  }

  lost({ source, timeNs, error }: SourceLoss): readonly EncodedLine[] {
    const number = this.numberOf(source);
    if (number === undefined) return []; // Never announced, or already replaced by its next connection.
    this.#forget(source.id);
    const lines: EncodedLine[] = [];
    if (!isDuration(timeNs)) this.leftOut += 1;
    else this.#append(lines, { kind: 'lost', source: number, timeNs, error: errorFields(error) }, false);
    return lines;
  }

  #liveSource(source: Source, readings: readonly Reading[], lines: EncodedLine[]): LiveSource | undefined {
    const known = this.#live.get(source.id);
    // Sensors come and go on a source that lives for weeks: when its bound is reached, it is announced again.
    if (known?.source === source && hasRoom(known, readings)) return known;
    if (known === undefined && this.#live.size >= maxSources) return undefined;
    const number = ++this.#lastNumber;
    const live: LiveSource = { source, number, sensors: new Map(), announcements: [], announcedBytes: 0 };
    this.#forget(source.id);
    if (!this.#announceLine(live, { kind: 'source', number, ...sourceFields(source) }, lines)) return undefined;
    this.#live.set(source.id, live);
    return live;
  }

  /** Sensor number, value, sensor number, value … */
  #pairs(live: LiveSource, readings: readonly Reading[], lines: EncodedLine[]): readonly number[] {
    const pairs: number[] = [];
    for (const { sensor, value } of readings) {
      const number = live.sensors.get(sensor) ?? this.#announce(live, sensor, lines);
      // JSON has neither NaN nor infinities, and neither is a reading.
      if (number === undefined || !isNumber(value)) this.leftOut += 1;
      else pairs.push(number, value);
    }
    return pairs;
  }

  #announce(live: LiveSource, sensor: Sensor, lines: EncodedLine[]): number | undefined {
    if (live.sensors.size >= maxSensors) return undefined;
    const number = ++this.#lastNumber;
    const message = { kind: 'sensor', number, source: live.number, ...sensorFields(sensor) };
    if (!this.#announceLine(live, message, lines)) return undefined;
    live.sensors.set(sensor, number);
    return number;
  }

  #announceLine(live: LiveSource, message: object, lines: EncodedLine[]): boolean {
    const line = encodedLine(message, false);
    const length = line?.bytes.length ?? Number.POSITIVE_INFINITY;
    const isTooLong = length > maxAnnouncementBytes || this.#announcedBytes + length > maxAnnouncedBytes;
    if (line === undefined || isTooLong) return false;
    live.announcements.push(line);
    live.announcedBytes += length;
    this.#announcedBytes += length;
    lines.push(line);
    return true;
  }

  #forget(id: string): void {
    this.#announcedBytes -= this.#live.get(id)?.announcedBytes ?? 0;
    this.#live.delete(id);
  }

  #append(lines: EncodedLine[], message: object, isDroppable: boolean): boolean {
    const line = encodedLine(message, isDroppable);
    if (line === undefined) this.leftOut += 1;
    else lines.push(line);
    return line !== undefined;
  }
}

function hasRoom({ sensors }: LiveSource, readings: readonly Reading[]): boolean {
  if (sensors.size + readings.length <= maxSensors) return true;
  const added = readings.reduce((sum, { sensor }) => sum + (sensors.has(sensor) ? 0 : 1), 0);
  // A sample with more sensors than the bound would be announced again each time, and still not fit.
  return sensors.size + added <= maxSensors || readings.length > maxSensors;
}
