import type { MetricDefinition, Sensor } from '@benchlab-otel/core';
import { attribute, metric, mostWatts } from '@benchlab-otel/core/definitions';
import type { Attributes } from '@opentelemetry/api';
import { naturally } from './naturalOrder.ts';

/** One measured value of a chip: `temp1_input`. */
export interface Channel {
  /** `temp1`. */
  readonly name: string;
  readonly kind: ChannelKind;
  /** The file that holds the value. */
  readonly file: string;
}

export interface ChannelKind {
  readonly metric: MetricDefinition;
  readonly hwType: string;
  /** Counts of the file in one unit of the metric. */
  readonly countsPerUnit: number;
  readonly energyMetric?: MetricDefinition;
  /** What a value and its limits can be, in the unit of the metric. */
  readonly bounds: readonly [low: number, high: number];
  /** Counts that stand for "no sensor" or "no limit". */
  readonly absent?: readonly number[];
  /** Suffix of the file, and which limit it is. */
  readonly limits: readonly (readonly [suffix: string, limitType: string])[];
  readonly limitMetric?: MetricDefinition;
}

const milli = 1000;
const micro = 1e6;
const highAndLow = [
  ['lcrit', 'low.critical'],
  ['min', 'low.degraded'],
  ['max', 'high.degraded'],
  ['crit', 'high.critical'],
] as const;

// Linux, Documentation/hwmon/sysfs-interface.rst: prefixes, suffixes and units. `power_sensor` is not a type of the semantic
// conventions, and it is not `power_rail`: what a chip measures may be part of a rail that a BENCHLAB measures too.
const kinds: Readonly<Record<string, ChannelKind>> = {
  temp: {
    metric: metric.hwTemperature,
    hwType: 'temperature',
    countsPerUnit: milli,
    // Chips measure silicon, thermistors (-55 to 150) and exhausts (thermocouples).
    bounds: [-100, 400],
    // 0 K and 65,535 K are "not reported" of NVMe drives (NVM Express base specification, SMART log: kelvins in 16 bits), -128
    // is an open input of chips with eight bits.
    absent: [-273_150, 65_261_850, -128_000],
    limits: highAndLow,
    limitMetric: metric.hwTemperatureLimit,
  },
  in: {
    metric: metric.hwVoltage,
    hwType: 'voltage',
    countsPerUnit: milli,
    // From the pins of chips to the direct current that feeds a rack (400 V).
    bounds: [-1000, 1000],
    limits: highAndLow,
    limitMetric: metric.hwVoltageLimit,
  },
  // A regulator feeds a large processor with about 1 kA.
  curr: {
    metric: metric.benchlabCurrent,
    hwType: 'power_sensor',
    countsPerUnit: milli,
    bounds: [-5000, 5000],
    limits: [],
  },
  power: {
    metric: metric.hwPower,
    hwType: 'power_sensor',
    countsPerUnit: micro,
    bounds: [-mostWatts, mostWatts],
    // All ones: 16 bits of watts, 32 bits of microwatts.
    absent: [65_535e6, 4_294_967_295],
    energyMetric: metric.hwEnergy,
    limits: [],
  },
  energy: {
    metric: metric.hwEnergy,
    hwType: 'power_sensor',
    countsPerUnit: micro,
    // A counter: what is possible is judged by its steps.
    bounds: [0, Number.MAX_SAFE_INTEGER],
    limits: [],
  },
  fan: {
    metric: metric.hwFanSpeed,
    hwType: 'fan',
    countsPerUnit: 1,
    // The fastest fans of servers turn at 40,000 rpm.
    bounds: [0, 60_000],
    // A tachometer of 16 bits without pulses.
    absent: [65_535],
    limits: [
      ['min', 'low.degraded'],
      ['max', 'max'],
    ],
    limitMetric: metric.hwFanSpeedLimit,
  },
  humidity: {
    metric: metric.benchlabHumidity,
    hwType: 'humidity',
    countsPerUnit: 100 * milli,
    bounds: [0, 1],
    // Eight bits of ones.
    absent: [255_000],
    limits: [],
  },
  pwm: { metric: metric.benchlabFanDuty, hwType: 'fan', countsPerUnit: 255, bounds: [0, 1], limits: [] },
};

/** What a count of a channel is: its value, nothing, or a value that cannot be. */
export function channelValue(
  { countsPerUnit, bounds, absent }: ChannelKind,
  count: number,
): number | 'absent' | 'impossible' {
  if (absent?.includes(count)) return 'absent';
  const value = count / countsPerUnit;
  return value >= bounds[0] && value <= bounds[1] ? value : 'impossible';
}

/** The channels of a chip by its files, in natural order of their names. */
export function channelsOf(files: readonly string[]): readonly Channel[] {
  const channels = new Map<string, Channel>();
  for (const file of naturally(files)) {
    const channel = channelOf(file, files);
    if (channel !== undefined) channels.set(channel.name, channel);
  }
  return [...channels.values()];
}

function channelOf(file: string, files: readonly string[]): Channel | undefined {
  const [, name, prefix = '', suffix] = /^(([a-z]+)\d+)(?:_([a-z]+))?$/.exec(file) ?? [];
  const kind = kinds[prefix];
  if (name === undefined || kind === undefined) return undefined;
  if (prefix === 'pwm') return suffix === undefined ? { name, kind, file } : undefined;
  if (prefix === 'power') return powerChannel(name, kind, file, files);
  return suffix === 'input' ? { name, kind, file } : undefined;
}

/** A meter may have an average only. One that counts energy itself needs no integral of its power as well. */
function powerChannel(name: string, kind: ChannelKind, file: string, files: readonly string[]): Channel | undefined {
  const chosen = [`${name}_input`, `${name}_average`].find((candidate) => files.includes(candidate));
  if (file !== chosen) return undefined;
  const countsEnergy = files.includes(`${name.replace('power', 'energy')}_input`);
  const { energyMetric: _, ...powerOnly } = kind;
  return { name, kind: countsEnergy ? powerOnly : kind, file };
}

/**
 * @param chipId of the chip, with the stable path of its device
 * @param label the name that the maker of the board gave it, where the driver knows
 */
export function channelSensor(chipId: string, channel: Channel, label: string | undefined): Sensor {
  const { metric: definition, energyMetric } = channel.kind;
  const isMeter = definition.attributes.includes(attribute.meter);
  const attributes: Attributes = {
    ...channelAttributes(chipId, channel, label),
    ...(isMeter ? { [attribute.meter]: 'hwmon' } : {}),
  };
  // The semantic conventions have no type for humidity: it belongs to the surroundings of the host.
  if (definition === metric.benchlabHumidity) delete attributes[attribute.hwType];
  return energyMetric === undefined
    ? { metric: definition, attributes }
    : { metric: definition, attributes, energyMetric };
}

/** Each limit of a channel: the file that holds it, and its sensor. */
export function limitSensors(
  chipId: string,
  channel: Channel,
  label: string | undefined,
): { readonly file: string; readonly sensor: Sensor }[] {
  const { limits, limitMetric } = channel.kind;
  if (limitMetric === undefined) return [];
  const shared = channelAttributes(chipId, channel, label);
  return limits.map(([suffix, limitType]) => ({
    file: `${channel.name}_${suffix}`,
    sensor: { metric: limitMetric, attributes: { ...shared, [attribute.hwLimitType]: limitType } },
  }));
}

function channelAttributes(chipId: string, channel: Channel, label: string | undefined): Attributes {
  return {
    [attribute.hwId]: `${chipId}/${channel.name}`,
    [attribute.hwParent]: chipId,
    [attribute.hwType]: channel.kind.hwType,
    [attribute.hwSensorLocation]: label ?? channel.name,
  };
}
