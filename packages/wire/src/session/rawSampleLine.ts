import { attribute, BenchlabError, metric, type Sample, type Sensor, type Source } from '@benchlab-otel/core';
import { maxRawLineBytes } from './rawLine.ts';

// The format of docs/formats/raw.md, version 1: its writer of samples.

/** A rail of a board, as the newer programs of the seed write it. */
interface RailPower {
  readonly rail: string;
  readonly power: number;
}

/** What a sensor becomes in a line. */
interface Place {
  /** `hw.voltage/EPS1`: its metric, and what makes it one of several of its source. */
  readonly key: string;
  /** The rail that it is the power of. Absent for parts of a rail: a sum over rails counts each watt once. */
  readonly rail?: string;
}

/** What does not make a sensor another one, or is in its `hw.id`. */
const plainAttributes = new Set<string>([
  attribute.hwId,
  attribute.hwName,
  attribute.hwParent,
  attribute.hwSensorLocation,
  attribute.hwType,
  attribute.simulated,
]);
const percent = 100;

/** Writes samples as raw lines of a session. One object for a session: it remembers the sensors, and which board is the bench. */
export class RawSampleEncoder {
  readonly #places = new WeakMap<Sensor, Place>();
  #bench: string | undefined;

  /** @param bench id of the board whose power is that of the bench. Default: the first that has a sample */
  constructor(bench?: string) {
    this.#bench = bench;
  }

  /**
   * Power of the whole bench as the line of this sample states it. Of several boards one is the bench: samples of two in one
   * series would jump between them.
   */
  powerOf({ source, totals }: Sample): number | undefined {
    if (source.boundary !== 'dc_rails' || totals?.system === undefined) return undefined;
    this.#bench ??= source.id;
    return source.id === this.#bench ? totals.system : undefined;
  }

  /**
   * A sample as one line of JSON without its end: the keys of the seed as far as the source measures them, then all readings.
   *
   * @throws BenchlabError UNSUPPORTED for a line that the reader would refuse for its length
   */
  format(sample: Sample): string {
    const { source, timeNs, uncertaintyNs } = sample;
    const line = JSON.stringify({
      ts_ns: Math.round(timeNs), // the middle between two readings of the clock may be half a nanosecond
      source: rawSource(source),
      kv: { ...seedKeys(sample, this.powerOf(sample)), ...this.#all(sample) },
      cal: { offset_ns: 0, rtt_ns: 2 * uncertaintyNs },
      id: source.id,
      simulated: source.simulated ? true : undefined,
    });
    if (line.length <= maxRawLineBytes && Buffer.byteLength(line) <= maxRawLineBytes) return line;
    const what = `A sample of ${source.name} needs more than ${maxRawLineBytes} bytes.`;
    throw new BenchlabError('UNSUPPORTED', what, 'Record fewer sensors of it.');
  }

  /** Rails of another board than the bench are readings: readers take a list of rails for the bench. */
  #all({ source, readings }: Sample): { readonly power?: RailPower[]; readonly readings: Record<string, number> } {
    const power: RailPower[] = [];
    const values: Record<string, number> = {};
    for (const { sensor, value } of readings) {
      const { key, rail } = this.#placeOf(sensor, source);
      if (rail !== undefined && source.id === this.#bench) power.push({ rail, power: value });
      else values[key] = value;
    }
    return power.length === 0 ? { readings: values } : { power, readings: values };
  }

  #placeOf(sensor: Sensor, source: Source): Place {
    const known = this.#places.get(sensor);
    if (known !== undefined) return known;
    const place = placeOf(sensor, source);
    this.#places.set(sensor, place);
    return place;
  }
}

/** The name of the source in the seed; others are named by what they are. */
function rawSource({ id, boundary }: Source): string {
  if (boundary === 'dc_rails') return 'benchlab.usb';
  if (boundary === 'gpu_board') return 'gpu.nvml';
  return id === 'host' ? 'cpu.psutil' : `host.${id}`;
}

/** The stream of a session that a source is written to: `raw/benchlab.jsonl`, `raw/telemetry.jsonl`. */
export function rawStream({ boundary }: Source): 'benchlab' | 'telemetry' {
  return boundary === 'dc_rails' ? 'benchlab' : 'telemetry';
}

/** Undefined fields are left out of the line: a board measures no total voltage and no total current. */
function seedKeys(sample: Sample, benchWatts: number | undefined): Readonly<Record<string, number | undefined>> {
  const { source, totals } = sample;
  const own = (name: string, key?: string, value?: string) =>
    sample.readings.find(
      ({ sensor }) => sensor.metric.name === name && (key === undefined || sensor.attributes[key] === value),
    )?.value;
  if (source.boundary === 'dc_rails') {
    const { cpu, gpu, board } = totals ?? {};
    return { p_sys: benchWatts, p_cpu: cpu, p_gpu: gpu, p_board: board, temp_c: hottest(sample) };
  }
  if (source.boundary === 'gpu_board') {
    const share = own(metric.hwGpuUtilization.name, attribute.hwGpuTask, 'general');
    return {
      gpu_util: share === undefined ? undefined : share * percent,
      gpu_mem_used: own(metric.hwGpuMemoryUsage.name, attribute.hwId, source.id),
      gpu_mem_total: own(metric.hwGpuMemoryLimit.name, attribute.hwId, source.id),
      power_w: own(metric.hwPower.name, attribute.hwId, source.id),
      temp_c: own(metric.hwTemperature.name, attribute.hwSensorLocation, 'gpu'),
    };
  }
  return source.id === 'host' ? { cpu_util: own(metric.systemCpuUsage.name) } : {};
}

function hottest({ readings }: Sample): number | undefined {
  const all = readings.filter(({ sensor }) => sensor.metric.name === metric.hwTemperature.name);
  return all.length === 0 ? undefined : Math.max(...all.map(({ value }) => value));
}

function placeOf({ metric: { name }, attributes }: Sensor, source: Source): Place {
  const id = attributes[attribute.hwId];
  const part = typeof id === 'string' && id.startsWith(`${source.id}/`) ? [id.slice(source.id.length + 1)] : [];
  const others = Object.entries(attributes).filter(([key]) => !plainAttributes.has(key));
  const key = [name, ...part, ...others.map(([, value]) => String(value))].join('/');
  const isWhole = name === metric.hwPower.name && attributes[attribute.hwParent] === source.id;
  const location = attributes[attribute.hwSensorLocation];
  return isWhole && source.boundary === 'dc_rails' && typeof location === 'string' ? { key, rail: location } : { key };
}
