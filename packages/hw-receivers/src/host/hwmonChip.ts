import { attribute, metric, type Reading, type Sensor, type Source } from '@benchlab-otel/core';
import type { HostFiles } from './files.ts';
import { type Channel, channelSensor, channelsOf, limitSensors } from './hwmonChannel.ts';
import { garbled } from './part.ts';
import { wholeNumber } from './text.ts';

/** A large board has some 40 channels. Beyond this the rest is left out. */
const maxChannels = 64;
const maxLabel = 64;
// Linux, Documentation/hwmon/sysfs-interface.rst: one alarm for a channel, or one for each of its limits.
const alarmSuffixes = ['alarm', 'lcrit_alarm', 'min_alarm', 'max_alarm', 'crit_alarm', 'emergency_alarm'];
const states = ['ok', 'degraded', 'failed'] as const;

interface LiveChannel {
  readonly channel: Channel;
  readonly sensor: Sensor;
  /** Limits do not change: they are read when the chip is found. */
  readonly limits: readonly Reading[];
  readonly status: readonly { readonly state: (typeof states)[number]; readonly sensor: Sensor }[];
  readonly faultFile: string | undefined;
  readonly alarmFiles: readonly string[];
}

/** One chip of /sys/class/hwmon while it is there. */
export class HwmonChip {
  readonly source: Source;
  /** `/sys/class/hwmon/hwmon3`: the number can change, so it is not part of a name. */
  readonly folder: string;
  /** Changes when the channels of the chip change. */
  readonly shape: string;
  readonly #channels: readonly LiveChannel[];

  constructor(files: HostFiles, folder: string, id: string, chipName: string) {
    this.folder = folder;
    const names = files.list(folder);
    this.shape = shapeOf(folder, names);
    this.source = {
      id,
      name: chipName,
      simulated: false,
      attributes: { [attribute.hwModel]: chipName, [attribute.hwType]: 'sensor_chip' },
    };
    const channels = channelsOf(names).slice(0, maxChannels);
    this.#channels = channels.map((channel) => liveChannel(files, folder, id, channel, new Set(names)));
  }

  /** Appends a reading for each value of the chip. Returns what is wrong with a file, for people. */
  read(files: HostFiles, readings: Reading[]): string | undefined {
    let problem: string | undefined;
    for (const live of this.#channels) problem = this.#readChannel(files, live, readings) ?? problem;
    return problem;
  }

  #readChannel(files: HostFiles, live: LiveChannel, readings: Reading[]): string | undefined {
    const { channel, sensor, limits, status, faultFile, alarmFiles } = live;
    const isFaulty = faultFile === undefined ? undefined : isRaised(files, `${this.folder}/${faultFile}`);
    const alarms = alarmFiles.map((name) => isRaised(files, `${this.folder}/${name}`));
    const now = isFaulty ? 'failed' : alarms.includes(true) ? 'degraded' : 'ok';
    // A sensor whose flags are all unreadable has no known health: it gets no status.
    const isKnown = [isFaulty, ...alarms].some((flag) => flag !== undefined);
    for (const each of isKnown ? status : []) readings.push({ sensor: each.sensor, value: each.state === now ? 1 : 0 });
    // A sensor that is open or shorted still has a value in its file. The value means nothing.
    if (isFaulty) return undefined;
    const path = `${this.folder}/${channel.file}`;
    const file = files.read(path);
    // Broken drivers always answer EAGAIN or EIO, disabled channels ENODATA: there is no value, and no fault to report.
    if (file.kind !== 'text') return undefined;
    const value = wholeNumber(file.text.trim());
    if (value === undefined) return garbled(path);
    readings.push({ sensor, value: value / channel.kind.countsPerUnit }, ...limits);
    return undefined;
  }
}

/** The same text while the chip has the same files. */
export function shapeOf(folder: string, names: readonly string[]): string {
  return [folder, ...names].join('\n');
}

function liveChannel(
  files: HostFiles,
  folder: string,
  chipId: string,
  channel: Channel,
  names: ReadonlySet<string>,
): LiveChannel {
  const label = labelOf(files, `${folder}/${channel.name}_label`, names.has(`${channel.name}_label`));
  const faultFile = names.has(`${channel.name}_fault`) ? `${channel.name}_fault` : undefined;
  const alarmFiles = alarmSuffixes.map((suffix) => `${channel.name}_${suffix}`).filter((name) => names.has(name));
  const sensor = channelSensor(chipId, channel, label);
  const limits = limitSensors(chipId, channel, label).flatMap((limit) => {
    const file = names.has(limit.file) ? files.read(`${folder}/${limit.file}`) : undefined;
    const value = file?.kind === 'text' ? wholeNumber(file.text.trim()) : undefined;
    return value === undefined ? [] : { sensor: limit.sensor, value: value / channel.kind.countsPerUnit };
  });
  const hasStatus = faultFile !== undefined || alarmFiles.length > 0;
  const status = hasStatus ? states.map((state) => ({ state, sensor: statusSensor(sensor, state) })) : [];
  return { channel, sensor, limits, status, faultFile, alarmFiles };
}

function statusSensor({ attributes }: Sensor, state: string): Sensor {
  const { [attribute.hwId]: id, [attribute.hwParent]: parent, [attribute.hwType]: type } = attributes;
  return {
    metric: metric.hwStatus,
    attributes: {
      [attribute.hwId]: id,
      [attribute.hwParent]: parent,
      ...(type === undefined ? {} : { [attribute.hwType]: type }),
      [attribute.hwState]: state,
    },
  };
}

/** Undefined when the flag cannot be read. */
function isRaised(files: HostFiles, path: string): boolean | undefined {
  const file = files.read(path);
  return file.kind === 'text' ? file.text.trim() === '1' : undefined;
}

function labelOf(files: HostFiles, path: string, exists: boolean): string | undefined {
  const file = exists ? files.read(path) : undefined;
  const label = file?.kind === 'text' ? file.text.trim().slice(0, maxLabel) : '';
  return label === '' ? undefined : label;
}
