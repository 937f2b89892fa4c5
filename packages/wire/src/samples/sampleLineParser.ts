import { attribute, isObject, type Reading, type Sample, type Sensor, type Source } from '@benchlab-otel/core';
import { BadLine } from '../lines/badLine.ts';
import { maxSensors, maxSources } from './bounds.ts';
import { type Fields, fieldsOf, isNumber, objectField, positiveField, timeField } from './fields.ts';
import { sampleSchema, sampleVersion } from './sampleLine.ts';
import { sensorOf, sourceOf } from './sampleParts.ts';
import { Vocabulary } from './vocabulary.ts';

/** What one line holds; undefined for a blank line. */
export type SampleLine =
  | {
      readonly sample: Sample;
      /** Names in the line that this version does not know, and that were left out: metrics, boundaries, roles. */
      readonly unknown: number;
    }
  | { readonly reason: string }
  | undefined;

interface KnownSource {
  readonly source: Source;
  /** Its fields as text: another text is another connection of the source. */
  readonly text: string;
  readonly sensors: Map<string, Sensor>;
}

/**
 * Reads the lines that `formatSampleLine` writes. A refused line is returned with the reason. A parser keeps the sources and
 * sensors of its lines, so that equal ones are one object, as a `SampleConsumer` expects: at most 64 sources with 512 sensors.
 *
 * @example
 * const parser = new SampleLineParser();
 * const read = parser.parse(line);
 * if (read !== undefined && 'sample' in read) history.sample(read.sample);
 */
export class SampleLineParser {
  readonly #sources = new Map<string, KnownSource>();

  parse(text: string): SampleLine {
    if (typeof text !== 'string') return { reason: 'not a text' };
    if (text.trim() === '') return undefined;
    try {
      return this.#sample(fieldsOf(text));
    } catch (thrown) {
      if (thrown instanceof BadLine) return { reason: thrown.message };
      throw thrown;
    }
  }

  #sample(line: Fields): SampleLine {
    const { schema = sampleSchema, version = sampleVersion } = line; // Older lines have neither.
    if (schema !== sampleSchema) throw new BadLine(`"schema" is not ${JSON.stringify(sampleSchema)}`);
    if (version !== sampleVersion) throw new BadLine(`"version" is not ${sampleVersion}`);
    const words = new Vocabulary();
    const [timeNs, uncertaintyNs] = [timeField(line), positiveField(line, 'uncertaintyNs')];
    const totals = words.totals(line, 'totalsWatts');
    if (!Array.isArray(line.readings)) throw new BadLine('"readings" is not a list');
    const known = this.#source(objectField(line, 'source'), words);
    const readings = line.readings.flatMap((reading) => readingOf(reading, known, words));
    const sample = { source: known.source, timeNs, uncertaintyNs, readings };
    return { sample: Object.keys(totals).length === 0 ? sample : { ...sample, totals }, unknown: words.unknown };
  }

  #source(fields: Fields, words: Vocabulary): KnownSource {
    const { assumedFirmware, attributes = {}, ...others } = fields;
    const assumed = typeof assumedFirmware === 'string' ? { [attribute.firmwareAssumed]: assumedFirmware } : {};
    const all = isObject(attributes) ? { ...assumed, ...attributes } : attributes;
    const source = sourceOf({ ...others, attributes: all }, words);
    const text = JSON.stringify(source);
    const before = this.#sources.get(source.id);
    if (before?.text === text) return before;
    if (before === undefined && this.#sources.size >= maxSources) throw new BadLine(`more than ${maxSources} sources`);
    const known = { source, text, sensors: new Map() };
    this.#sources.set(source.id, known);
    return known;
  }
}

/** None when the metric is not known here. */
function readingOf(given: unknown, { source, sensors }: KnownSource, words: Vocabulary): readonly Reading[] {
  if (!isObject(given)) throw new BadLine('a reading that is not an object');
  const { value, ...fields } = given;
  if (!isNumber(value)) throw new BadLine('a reading whose "value" is not a number');
  const sensor = sensorOf(fields, source, words);
  if (sensor === undefined) return [];
  const key = JSON.stringify([sensor.metric.name, sensor.energyMetric?.name, sensor.attributes]);
  const known = sensors.get(key) ?? sensor;
  // Sensors come and go on a source that lives for weeks: at the bound they are collected again.
  if (sensors.size >= maxSensors && !sensors.has(key)) sensors.clear();
  sensors.set(key, known);
  return [{ sensor: known, value }];
}
