import { attribute, metric, type Reading, type Sensor, type Source } from '@benchlab-otel/sdk';
import type { HostFiles } from './files.ts';
import { type Channel, channelSensor, channelsOf, limitSensors } from './hwmonChannel.ts';
import { garbled } from './part.ts';
import { wholeNumber } from './text.ts';

/** A large board has some 40 channels. Beyond this the rest is left out. */
const maxChannels = 64;
const maxLabel = 64;
const states = ['ok', 'degraded', 'failed'] as const;

interface LiveChannel {
  readonly channel: Channel;
  readonly sensor: Sensor;
  /** Limits do not move: they were read when the chip was found. */
  readonly limits: readonly Reading[];
  readonly status: readonly { readonly state: (typeof states)[number]; readonly sensor: Sensor }[];
  readonly faultFile: string | undefined;
  readonly alarmFile: string | undefined;
}

/** One chip of /sys/class/hwmon while it is there. */
export class HwmonChip {
  readonly source: Source;
  /** `/sys/class/hwmon/hwmon3`: the number moves, so it is in no name. */
  readonly folder: string;
  /** Changes when the chip got other channels. */
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

  /** Appends what the chip has values for. Returns what is wrong with a file, for people. */
  read(files: HostFiles, readings: Reading[]): string | undefined {
    let problem: string | undefined;
    for (const live of this.#channels) problem = this.#readChannel(files, live, readings) ?? problem;
    return problem;
  }

  #readChannel(files: HostFiles, live: LiveChannel, readings: Reading[]): string | undefined {
    const { channel, sensor, limits, status, faultFile, alarmFile } = live;
    const isFaulty = faultFile !== undefined && isRaised(files, `${this.folder}/${faultFile}`);
    if (status.length > 0) {
      const isAlarmed = alarmFile !== undefined && isRaised(files, `${this.folder}/${alarmFile}`);
      const now = isFaulty ? 'failed' : isAlarmed ? 'degraded' : 'ok';
      for (const each of status) readings.push({ sensor: each.sensor, value: each.state === now ? 1 : 0 });
    }
    // A sensor that is open or shorted still has a value on disk, and it means nothing.
    if (isFaulty) return undefined;
    const path = `${this.folder}/${channel.file}`;
    const file = files.read(path);
    // Broken drivers answer EAGAIN or EIO for ever, disabled channels ENODATA: no value, and nothing to mend.
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
  const existing = (suffix: string) => {
    const file = `${channel.name}_${suffix}`;
    return names.has(file) ? file : undefined;
  };
  const [faultFile, alarmFile] = [existing('fault'), existing('alarm')];
  const sensor = channelSensor(chipId, channel, label);
  const limits = limitSensors(chipId, channel, label).flatMap((limit) => {
    const file = names.has(limit.file) ? files.read(`${folder}/${limit.file}`) : undefined;
    const value = file?.kind === 'text' ? wholeNumber(file.text.trim()) : undefined;
    return value === undefined ? [] : { sensor: limit.sensor, value: value / channel.kind.countsPerUnit };
  });
  const hasStatus = faultFile !== undefined || alarmFile !== undefined;
  const status = hasStatus ? states.map((state) => ({ state, sensor: statusSensor(sensor, state) })) : [];
  return { channel, sensor, limits, status, faultFile, alarmFile };
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

function isRaised(files: HostFiles, path: string): boolean {
  const file = files.read(path);
  return file.kind === 'text' && file.text.trim() === '1';
}

function labelOf(files: HostFiles, path: string, exists: boolean): string | undefined {
  const file = exists ? files.read(path) : undefined;
  const label = file?.kind === 'text' ? file.text.trim().slice(0, maxLabel) : '';
  return label === '' ? undefined : label;
}
