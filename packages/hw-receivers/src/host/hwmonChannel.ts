import { attribute, type MetricDefinition, metric, type Sensor } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';

/** One measured value of a chip: `temp1_input`. */
export interface Channel {
  /** `temp1`. */
  readonly name: string;
  readonly kind: ChannelKind;
  /** The file that holds the value. */
  readonly file: string;
}

interface ChannelKind {
  readonly metric: MetricDefinition;
  readonly hwType: string;
  /** Counts of the file in one unit of the metric. */
  readonly countsPerUnit: number;
  readonly energyMetric?: MetricDefinition;
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
    limits: highAndLow,
    limitMetric: metric.hwTemperatureLimit,
  },
  in: {
    metric: metric.hwVoltage,
    hwType: 'voltage',
    countsPerUnit: milli,
    limits: highAndLow,
    limitMetric: metric.hwVoltageLimit,
  },
  curr: { metric: metric.benchlabCurrent, hwType: 'power_sensor', countsPerUnit: milli, limits: [] },
  power: {
    metric: metric.hwPower,
    hwType: 'power_sensor',
    countsPerUnit: micro,
    energyMetric: metric.hwEnergy,
    limits: [],
  },
  energy: { metric: metric.hwEnergy, hwType: 'power_sensor', countsPerUnit: micro, limits: [] },
  fan: {
    metric: metric.hwFanSpeed,
    hwType: 'fan',
    countsPerUnit: 1,
    limits: [
      ['min', 'low.degraded'],
      ['max', 'max'],
    ],
    limitMetric: metric.hwFanSpeedLimit,
  },
  humidity: { metric: metric.benchlabHumidity, hwType: 'humidity', countsPerUnit: 100 * milli, limits: [] },
  pwm: { metric: metric.benchlabFanDuty, hwType: 'fan', countsPerUnit: 255, limits: [] },
};

/** The channels of a chip by its files, in the order of their names. */
export function channelsOf(files: readonly string[]): readonly Channel[] {
  const channels = new Map<string, Channel>();
  for (const file of files) {
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
