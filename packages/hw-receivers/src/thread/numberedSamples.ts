import type { MetricDefinition, Sample, Sensor, Source } from '@benchlab-otel/core';
import { metric } from '@benchlab-otel/core/definitions';
import type { Attributes } from '@opentelemetry/api';

// Samples between two threads. Sources and sensors are objects that stay the same, which a copy would not: each is sent once
// and has a number. Values go as arrays of numbers, which are copied fast. The bus between processes has its own form
// (docs/formats/sample.md): text, with bounds for what others write.

/** New sources and sensors, and the samples that use them. */
export interface NumberedSamples {
  /** Numbers that are not used again. */
  readonly forgotten: readonly number[];
  readonly sources: readonly { readonly number: number; readonly source: Source }[];
  readonly sensors: readonly NumberedSensor[];
  readonly samples: readonly NumberedSample[];
  /** Sources that have gone, by number. */
  readonly lost: readonly number[];
}

interface NumberedSensor {
  readonly number: number;
  readonly metric: string;
  readonly energyMetric?: string;
  readonly attributes: Attributes;
}

interface NumberedSample extends Omit<Sample, 'source' | 'readings'> {
  readonly source: number;
  readonly sensors: Uint32Array;
  readonly values: Float64Array;
}

/** Sensors of devices that come and go. Beyond this, those are forgotten that have not been used for as many new ones. */
const maxNumbers = 8192;

interface Known {
  readonly number: number;
  /** The period between two times of forgetting in which it was used last. */
  period: number;
}

export class SampleNumbers {
  readonly #numbers = new Map<Source | Sensor, Known>();
  #next = 0;
  #period = 0;
  #forgetAt = maxNumbers;

  encode(samples: readonly Sample[], lost: readonly Source[]): NumberedSamples {
    const forgotten = this.#numbers.size > this.#forgetAt ? this.#forget() : [];
    const sources: NumberedSamples['sources'][number][] = [];
    const sensors: NumberedSensor[] = [];
    const sourceNumber = (source: Source) => this.#numberOf(source, (number) => void sources.push({ number, source }));
    const sensorNumber = (sensor: Sensor) =>
      this.#numberOf(sensor, (number) => void sensors.push(numbered(number, sensor)));
    const encoded = samples.map(({ source, readings, ...rest }) => ({
      ...rest,
      source: sourceNumber(source),
      sensors: Uint32Array.from(readings, ({ sensor }) => sensorNumber(sensor)),
      values: Float64Array.from(readings, ({ value }) => value),
    }));
    return { forgotten, sources, sensors, samples: encoded, lost: lost.map(sourceNumber) };
  }

  #numberOf<Kept extends Source | Sensor>(kept: Kept, isNew: (number: number) => void): number {
    const known = this.#numbers.get(kept);
    if (known !== undefined) {
      known.period = this.#period;
      return known.number;
    }
    const number = this.#next++;
    this.#numbers.set(kept, { number, period: this.#period });
    isNew(number);
    return number;
  }

  /** What is still in use keeps its number, and with it the object that the other thread has for it. */
  #forget(): number[] {
    const forgotten: number[] = [];
    for (const [kept, { number, period }] of this.#numbers) {
      if (period === this.#period) continue;
      this.#numbers.delete(kept);
      forgotten.push(number);
    }
    this.#period++;
    this.#forgetAt = this.#numbers.size + maxNumbers;
    return forgotten;
  }
}

const definitions = new Map<string, MetricDefinition>(Object.values(metric).map((each) => [each.name, each]));

export class NumberedReader {
  readonly #sources = new Map<number, Source>();
  readonly #sensors = new Map<number, Sensor>();

  decode({ forgotten, sources, sensors, samples, lost }: NumberedSamples): {
    readonly samples: readonly Sample[];
    readonly lost: readonly Source[];
  } {
    for (const number of forgotten) {
      this.#sources.delete(number);
      this.#sensors.delete(number);
    }
    for (const { number, source } of sources) this.#sources.set(number, source);
    for (const each of sensors) this.#sensors.set(each.number, sensorOf(each));
    return {
      samples: samples.map(({ source, sensors: numbers, values, ...rest }) => ({
        ...rest,
        source: known(this.#sources.get(source)),
        readings: Array.from(numbers, (number, at) => ({
          sensor: known(this.#sensors.get(number)),
          value: values[at] ?? Number.NaN,
        })),
      })),
      lost: lost.map((number) => known(this.#sources.get(number))),
    };
  }
}

function numbered(number: number, { metric: definition, energyMetric, attributes }: Sensor): NumberedSensor {
  const base = { number, metric: definition.name, attributes };
  return energyMetric === undefined ? base : { ...base, energyMetric: energyMetric.name };
}

function sensorOf({ metric: name, energyMetric, attributes }: NumberedSensor): Sensor {
  const base = { metric: known(definitions.get(name)), attributes };
  return energyMetric === undefined ? base : { ...base, energyMetric: known(definitions.get(energyMetric)) };
}

/** Both ends are the same version of this package. */
function known<Kept>(kept: Kept | undefined): Kept {
  if (kept === undefined) throw new Error('a number that was not announced');
  return kept;
}
