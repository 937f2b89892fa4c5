import { isObject } from '@benchlab-otel/core';
import { LineSplitter, maxRawLineBytes, type TimeTranslation } from '@benchlab-otel/wire';
import { eachSegment, segmentBytes } from '../folder/segmentBytes.ts';
import type { OpenSegment } from '../folder/segments.ts';
import type { SensorSeries } from './sensorSeries.ts';

/** The sensors of a session. */
export interface Sensors {
  /** In the order of their names. */
  readonly series: readonly SensorSeries[];
  /** Values beyond the bounds of this reader. */
  readonly dropped: number;
}

/** Sensors of a bench with several boards and GPUs are some 200; values are 16 bytes each. */
const [maxSeries, maxValues] = [1_000, 8_000_000];
/** Levels below `kv`: a list of rails, and the fields of a rail. */
const maxDepth = 3;
/** The fields that name an entry of a list: `{"rail":"EPS1","power":30}`. */
const nameFields = ['rail', 'name', 'sensor', 'label', 'id'];

/**
 * Reads each number that the lines of `raw/` state of a sensor: all rails, temperatures, fans, GPU, processor. Lines of stages
 * have no sensors. What is wrong of a line was counted by `readRaw`, and is left out here.
 *
 * @param folder the folder `raw` of a session
 * @param timesOfDay makes CLOCK_MONOTONIC of lines that state the time of day; without it they are left out
 * @throws BenchlabError BAD_OPTION when the folder has no lines
 */
export async function readSensors(folder: string, timesOfDay?: TimeTranslation): Promise<Sensors> {
  const values = new SensorValues(timesOfDay);
  await eachSegment(folder, (segment) => readSegment(segment, values));
  return { series: values.series(), dropped: values.dropped };
}

async function readSegment(segment: OpenSegment, values: SensorValues): Promise<void> {
  const splitter = new LineSplitter(maxRawLineBytes);
  try {
    for await (const chunk of segmentBytes(segment)) for (const line of splitter.push(chunk)) values.take(line);
    values.take(splitter.end());
  } catch {
    // A cut segment: what comes before is read, and readRaw reports the place.
  }
}

interface Growing {
  readonly source: string;
  readonly key: string;
  readonly samples: { readonly timeNs: number; readonly value: number }[];
  simulated: boolean;
}

class SensorValues {
  readonly #series = new Map<string, Growing>();
  #count = 0;
  dropped = 0;
  readonly #timesOfDay: TimeTranslation | undefined;

  constructor(timesOfDay: TimeTranslation | undefined) {
    this.#timesOfDay = timesOfDay;
  }

  take(line: string | undefined): void {
    // Most lines are stages: they are not worth a parse.
    if (line === undefined || line.includes('"stage"')) return;
    const object = parsed(line);
    if (!isObject(object) || !isObject(object.kv) || typeof object.source !== 'string') return;
    const { source, kv } = object;
    const timeNs = this.#timeOf(object.ts_ns);
    if (timeNs === undefined) return;
    for (const [key, value] of numbersOf(kv, '', maxDepth)) {
      this.#add(source, key, { timeNs, value }, object.simulated === true);
    }
  }

  #timeOf(given: unknown): number | undefined {
    if (typeof given !== 'number' || !(given >= 0)) return undefined;
    if (given <= Number.MAX_SAFE_INTEGER) return given;
    const time = this.#timesOfDay?.(given);
    return time === undefined || 'reason' in time ? undefined : time.timeNs;
  }

  #add(source: string, key: string, sample: Growing['samples'][number], simulated: boolean): void {
    const id = JSON.stringify([source, key]);
    let series = this.#series.get(id);
    if (this.#count >= maxValues || (series === undefined && this.#series.size >= maxSeries)) {
      this.dropped++;
      return;
    }
    if (series === undefined) {
      series = { source, key, samples: [], simulated: false };
      this.#series.set(id, series);
    }
    this.#count++;
    series.samples.push(sample);
    series.simulated ||= simulated;
  }

  series(): readonly SensorSeries[] {
    return [...this.#series]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { source, key, samples, simulated }]) => {
        const sorted = samples.toSorted((a, b) => a.timeNs - b.timeNs);
        const distinct = sorted.filter(({ timeNs }, at) => timeNs !== sorted[at - 1]?.timeNs);
        const timesNs = distinct.map(({ timeNs }) => timeNs);
        return { source, key, timesNs, values: distinct.map(({ value }) => value), simulated };
      });
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function numbersOf(value: unknown, path: string, depth: number): readonly (readonly [key: string, value: number])[] {
  if (typeof value === 'number') return Number.isFinite(value) && path !== '' ? [[path, value]] : [];
  if (depth === 0 || typeof value !== 'object' || value === null) return [];
  const below = (key: string) => (path === '' ? key : `${path}.${key}`);
  if (!Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, each]) => numbersOf(each, below(key), depth - 1));
  }
  return value.flatMap((each: unknown, at) => numbersOf(each, below(nameOf(each) ?? String(at)), depth - 1));
}

function nameOf(entry: unknown): string | undefined {
  if (!isObject(entry)) return undefined;
  return nameFields.map((field) => entry[field]).find((name) => typeof name === 'string' && name !== '') as
    | string
    | undefined; // what find() returns is a text
}
