import type {
  BenchlabError,
  DeviceEvent,
  PollReport,
  Reading,
  Sample,
  Sensor,
  Source,
  SourceLoss,
} from '@benchlab-otel/core';
import { type BusLine, type HelloMessage, maxLineBytes, maxSensors, maxSources } from './protocol.ts';

interface LiveSource {
  readonly source: Source;
  readonly number: number;
  readonly sensors: Map<Sensor, number>;
  /** What a reader that comes late must be told. */
  readonly announcements: BusLine[];
}

/**
 * Makes lines of the bus. A source and its sensors are announced once, with the lines of the first sample that has them,
 * and referred to by number from then on; numbers are never used again. What finds no room is counted in `leftOut`.
 */
export class BusEncoder {
  /** Readings, events and losses that were not sent: too many sources or sensors, a line too long, not a number. */
  leftOut = 0;
  readonly #live = new Map<string, LiveSource>();
  #lastNumber = 0;

  hello(hello: HelloMessage): BusLine {
    return { bytes: Buffer.from(`${JSON.stringify(hello)}\n`), isDroppable: false };
  }

  /** All live sources and their sensors. */
  announcements(): readonly BusLine[] {
    return [...this.#live.values()].flatMap(({ announcements }) => announcements);
  }

  sample({ source, timeNs, uncertaintyNs, readings, totals }: Sample): readonly BusLine[] {
    const lines: BusLine[] = [];
    const live = this.#liveSource(source, readings, lines);
    if (live === undefined) {
      this.leftOut += readings.length;
      return [];
    }
    const message = {
      kind: 'sample',
      source: live.number,
      timeNs,
      uncertaintyNs,
      readings: this.#pairs(live, readings, lines),
      totals,
    };
    this.#append(lines, message, true);
    return lines;
  }

  lost({ source, timeNs, error }: SourceLoss): readonly BusLine[] {
    const live = this.#live.get(source.id);
    // A source that was never announced, or an old connection of one that has come back.
    if (live?.source !== source) return [];
    this.#live.delete(source.id);
    const lines: BusLine[] = [];
    this.#append(lines, { kind: 'lost', source: live.number, timeNs, error: asJson(error) }, false);
    return lines;
  }

  polled({ receiver, outcome, durationNs, missed, error }: PollReport): readonly BusLine[] {
    const lines: BusLine[] = [];
    const message = { kind: 'poll', receiver, outcome, durationNs, missed, error: error && asJson(error) };
    this.#append(lines, message, true);
    return lines;
  }

  event({ source, timeNs, definition, attributes }: DeviceEvent): readonly BusLine[] {
    const live = this.#live.get(source.id);
    if (live?.source !== source) {
      this.leftOut += 1;
      return [];
    }
    const lines: BusLine[] = [];
    this.#append(lines, { kind: 'event', source: live.number, timeNs, event: definition.name, attributes }, false);
    return lines;
  }

  #liveSource(source: Source, readings: readonly Reading[], lines: BusLine[]): LiveSource | undefined {
    const known = this.#live.get(source.id);
    // Sensors come and go on a source that lives for weeks: when its numbers are used up, it is announced afresh.
    if (known?.source === source && hasRoom(known, readings)) return known;
    if (known === undefined && this.#live.size >= maxSources) return undefined;
    const { id, name, simulated, boundary, attributes } = source;
    const live: LiveSource = { source, number: ++this.#lastNumber, sensors: new Map(), announcements: [] };
    const message = { kind: 'source', number: live.number, id, name, simulated, boundary, attributes };
    if (!this.#append(live.announcements, message, false)) return undefined;
    lines.push(...live.announcements);
    this.#live.set(id, live);
    return live;
  }

  /** Sensor number, value, sensor number, value … */
  #pairs(live: LiveSource, readings: readonly Reading[], lines: BusLine[]): readonly number[] {
    const pairs: number[] = [];
    for (const { sensor, value } of readings) {
      const number = live.sensors.get(sensor) ?? this.#announce(live, sensor, lines);
      // JSON has neither NaN nor Infinity, and neither is a reading.
      if (number === undefined || !Number.isFinite(value)) this.leftOut += 1;
      else pairs.push(number, value);
    }
    return pairs;
  }

  #announce(live: LiveSource, sensor: Sensor, lines: BusLine[]): number | undefined {
    if (live.sensors.size >= maxSensors) return undefined;
    const { metric, attributes, energyMetric } = sensor;
    const number = ++this.#lastNumber;
    const message = {
      kind: 'sensor',
      number,
      source: live.number,
      metric: metric.name,
      unit: metric.unit,
      instrument: metric.instrument,
      energyMetric: energyMetric?.name,
      attributes,
    };
    const at = live.announcements.length;
    if (!this.#append(live.announcements, message, false)) return undefined;
    lines.push(...live.announcements.slice(at));
    live.sensors.set(sensor, number);
    return number;
  }

  #append(lines: BusLine[], message: object, isDroppable: boolean): boolean {
    const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
    if (bytes.length > maxLineBytes) {
      this.leftOut += 1;
      return false;
    }
    lines.push({ bytes, isDroppable });
    return true;
  }
}

function hasRoom({ sensors }: LiveSource, readings: readonly Reading[]): boolean {
  if (sensors.size + readings.length <= maxSensors) return true;
  const added = readings.reduce((sum, { sensor }) => sum + (sensors.has(sensor) ? 0 : 1), 0);
  // More than there is room for at all: announcing it afresh with every sample would help nobody.
  return sensors.size + added <= maxSensors || readings.length > maxSensors;
}

function asJson({ code, message, fix }: BenchlabError): { code: string; what: string; fix: string } {
  const what = message.endsWith(` ${fix}`) ? message.slice(0, -fix.length - 1) : message;
  return { code, what, fix };
}
