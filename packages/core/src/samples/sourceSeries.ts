import type { Attributes } from '@opentelemetry/api';
import type { MetricFamilies } from '../contracts/metricFamily.ts';
import type { Sample, Sensor, Source } from '../contracts/sample.ts';
import { attribute } from '../registry/attributes.ts';
import {
  benchlabEnergyNegative,
  benchlabReadingsRejected,
  benchlabSampleAge,
  benchlabSampleGap,
  hwStatus,
} from '../registry/metrics.ts';
import { attributesKey } from './attributesKey.ts';
import { EnergyIntegral } from './energyIntegral.ts';
import { isImpossiblePower } from './possiblePower.ts';
import { SamplePeriod } from './samplePeriod.ts';

const nsPerS = 1e9;
const states = ['ok', 'degraded', 'failed'] as const;

/** The live series of one source, over all its connections. */
export class SourceSeries {
  readonly #attributes: Attributes;
  readonly #impossibleAttributes: Attributes;
  readonly #status: readonly { state: (typeof states)[number]; attributes: Attributes }[];
  readonly #period = new SamplePeriod();
  readonly #maxSensors: number;
  /** By the sensors of this connection. */
  readonly #bySensor = new Map<Sensor, SensorSeries | 'refused'>();
  /** By metric and attributes, over all connections: a counter goes on when its device comes back. */
  readonly #byKey = new Map<string, SensorSeries>();
  #source: Source;
  #connection = 0;
  #round = 0;
  #isLost = false;
  #firstSampleNs: number | undefined;
  #lastSampleNs: number | undefined;
  #gapSeconds = 0;
  #impossible = 0;

  constructor(source: Source, maxSensors: number) {
    this.#source = source;
    this.#maxSensors = maxSensors;
    const simulated = source.simulated ? { [attribute.simulated]: true } : {};
    const id = { [attribute.hwId]: source.id, ...simulated };
    this.#attributes = id;
    this.#impossibleAttributes = { ...id, [attribute.errorType]: 'impossible_power' };
    this.#status = states.map((state) => ({
      state,
      attributes: {
        ...id,
        [attribute.hwName]: source.name,
        [attribute.hwType]: hwType(source),
        [attribute.hwState]: state,
      },
    }));
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Returns the number of readings that were dropped. */
  sample(sample: Sample): number {
    this.#connect(sample.source);
    const gapLimitNs = this.#period.gapLimitNs;
    let gapNs = this.#advance(sample.timeNs);
    let dropped = 0;
    for (const { sensor, value } of sample.readings) {
      const series = this.#bySensor.get(sensor) ?? this.#bind(sensor);
      if (series === 'refused' || !Number.isFinite(value)) dropped += 1;
      // A receiver has checked its own values. Those of an agent or a file come as they are.
      else if (series.isPower && isImpossiblePower(value)) this.#impossible += 1;
      else gapNs = Math.max(gapNs, read(series, value, this.#round, sample.timeNs, gapLimitNs));
    }
    this.#gapSeconds += gapNs / nsPerS;
    return dropped;
  }

  lost(source: Source, timeNs: number): void {
    // The end of an old connection, reported after the new one has begun.
    if (source !== this.#source && timeNs < (this.#lastSampleNs ?? 0)) return;
    this.#isLost = true;
    for (const { energy } of this.#byKey.values()) energy?.interrupt();
  }

  collect(nowNs: number, families: MetricFamilies): void {
    for (const series of this.#byKey.values()) this.#collectSensor(series, families);
    const ageNs = this.#lastSampleNs === undefined ? undefined : Math.max(0, nowNs - this.#lastSampleNs);
    if (ageNs !== undefined) {
      families.add(benchlabSampleAge, this.#attributes, ageNs / nsPerS);
      families.add(benchlabSampleGap, this.#attributes, this.#gapSeconds, this.#firstSampleNs);
    }
    if (this.#impossible > 0) {
      families.add(benchlabReadingsRejected, this.#impossibleAttributes, this.#impossible, this.#firstSampleNs);
    }
    const now = this.#state(ageNs);
    for (const { state, attributes } of this.#status) families.add(hwStatus, attributes, state === now ? 1 : 0);
  }

  #collectSensor(series: SensorSeries, families: MetricFamilies): void {
    const { metric, attributes, energy, energyMetric } = series;
    if (series.round === this.#round && !this.#isLost) {
      if (metric.instrument === 'counter') families.add(metric, attributes, series.value, series.startNs);
      else families.add(metric, attributes, series.value);
    }
    if (energy === undefined || energyMetric === undefined) return;
    families.add(energyMetric, attributes, energy.joules, energy.startNs);
    families.add(benchlabEnergyNegative, attributes, energy.negativeJoules, energy.startNs);
  }

  /** Failed when lost; degraded when not lost, but silent for longer than the limit of a gap; else ok. */
  #state(ageNs: number | undefined): (typeof states)[number] {
    if (this.#isLost) return 'failed';
    const isSilent = ageNs !== undefined && this.#period.periodNs !== undefined && ageNs > this.#period.gapLimitNs;
    return isSilent ? 'degraded' : 'ok';
  }

  #connect(source: Source): void {
    if (source === this.#source && !this.#isLost) return;
    for (const { energy } of this.#byKey.values()) energy?.interrupt();
    this.#source = source;
    this.#connection += 1;
    this.#bySensor.clear();
  }

  /** Returns the ns since the last sample, if that is a gap. */
  #advance(timeNs: number): number {
    const wasLost = this.#isLost;
    const lastNs = this.#lastSampleNs ?? timeNs;
    const intervalNs = timeNs - lastNs;
    this.#isLost = false;
    this.#round += 1;
    this.#firstSampleNs ??= timeNs;
    this.#lastSampleNs = Math.max(timeNs, lastNs);
    if (wasLost) return Math.max(0, intervalNs);
    return intervalNs > 0 && this.#period.observe(intervalNs) ? intervalNs : 0;
  }

  #bind(sensor: Sensor): SensorSeries | 'refused' {
    if (this.#bySensor.size >= this.#maxSensors) return 'refused';
    const series = this.#seriesOf(sensor);
    this.#bySensor.set(sensor, series);
    return series;
  }

  #seriesOf(sensor: Sensor): SensorSeries | 'refused' {
    // A histogram cannot be made of readings.
    if (sensor.metric.instrument === 'histogram') return 'refused';
    const key = seriesKey(sensor);
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      // Two sensors with the same metric and attributes would be one series with two values.
      if (known.connection === this.#connection) return 'refused';
      known.connection = this.#connection;
      return known;
    }
    if (this.#byKey.size >= this.#maxSensors && !this.#evict()) return 'refused';
    const isPower = sensor.metric.unit === 'W';
    const series = { ...sensor, isPower, value: 0, round: -1, connection: this.#connection };
    this.#byKey.set(key, series);
    return series;
  }

  /** Forgets the oldest series that this connection does not have. */
  #evict(): boolean {
    for (const [key, series] of this.#byKey) {
      if (series.connection !== this.#connection) return this.#byKey.delete(key);
    }
    return false;
  }
}

interface SensorSeries extends Sensor {
  readonly isPower: boolean;
  value: number;
  /** The sample that `value` came with: when the latest sample is another one, the series has ended. */
  round: number;
  connection: number;
  energy?: EnergyIntegral;
  /** Of a counter that the device keeps: when it was 0, as far as is known. */
  startNs?: number;
}

/** Takes a reading in. Returns the ns before it for which no energy could be counted. */
function read(series: SensorSeries, value: number, round: number, timeNs: number, gapLimitNs: number): number {
  if (series.metric.instrument === 'counter') {
    // A device's own counter that falls has started again.
    if (series.startNs === undefined || value < series.value) series.startNs = timeNs;
  }
  series.value = value;
  series.round = round;
  if (series.energyMetric === undefined) return 0;
  if (series.energy !== undefined) return series.energy.add(timeNs, value, gapLimitNs);
  series.energy = new EnergyIntegral(timeNs, value);
  return 0;
}

function seriesKey({ metric, attributes }: Sensor): string {
  return `${metric.name} ${attributesKey(attributes)}`;
}

/**
 * The type of the source, unless it says so itself. A power meter on the rails is not one of the well-known types of the
 * semantic conventions: `power_supply` would say that the supply failed when its meter was unplugged.
 */
function hwType(source: Source): string {
  const own = source.attributes[attribute.hwType];
  if (typeof own === 'string') return own;
  if (source.boundary === 'gpu_board') return 'gpu';
  if (source.boundary === 'cpu_package') return 'cpu';
  return source.boundary === 'dc_rails' ? 'power_meter' : 'device';
}
