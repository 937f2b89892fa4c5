import type { Reading, Sensor, Source } from '@benchlab-otel/core';
import { attribute, metric, mostWatts } from '@benchlab-otel/core/definitions';
import { EnergyCounter } from '../counters/energyCounter.ts';
import type { HostFiles } from './files.ts';
import { type Channel, channelSensor, channelsOf, channelValue, limitSensors } from './hwmonChannel.ts';
import { garbled, tooMany } from './part.ts';
import { rejectedSensor } from './rejected.ts';
import { wholeNumber } from './text.ts';

/** A large board has some 40 channels. With its limits and its status a channel is up to eight series of the 512 of a source. */
const maxChannels = 64;
const maxLabel = 64;
/** Limits are read again after this: a program may set them after the boot (`sensors -s`, fan control). */
const limitsNs = 30e9;
// Labels of what stands for a whole device, where there is a channel for each of its parts too.
const whole = /package|socket|tctl|tdie|composite|total|edge|junction/i;
// Linux, Documentation/hwmon/sysfs-interface.rst: one alarm for a channel, or one for each of its limits.
const alarmSuffixes = ['alarm', 'lcrit_alarm', 'min_alarm', 'max_alarm', 'crit_alarm', 'emergency_alarm'];
const states = ['ok', 'degraded', 'failed'] as const;

interface LiveChannel {
  readonly channel: Channel;
  readonly sensor: Sensor;
  readonly limitFiles: readonly { readonly path: string; readonly sensor: Sensor }[];
  /** As they were last read. */
  limits: readonly Reading[];
  /** Of a channel that counts energy. */
  readonly counter: { energy?: EnergyCounter };
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
  readonly #rejectedSensor: Sensor;
  readonly #leftOutSensor: Sensor;
  readonly #leftOut: number;
  /** Files of which it was reported that their value cannot be. */
  readonly #odd = new Set<string>();
  #rejected = 0;
  #limitsDueNs = Number.NEGATIVE_INFINITY;

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
    this.#rejectedSensor = rejectedSensor(id, 'implausible');
    this.#leftOutSensor = rejectedSensor(id, 'no_room');
    const present = new Set(names);
    const channels = channelsOf(names).map((channel) => ({ channel, label: labelOf(files, folder, channel, present) }));
    this.#leftOut = Math.max(0, channels.length - maxChannels);
    const shown = this.#leftOut === 0 ? channels : wholeFirst(channels).slice(0, maxChannels);
    this.#channels = shown.map(({ channel, label }) => liveChannel(folder, id, channel, label, present));
  }

  /** Appends a reading for each value of the chip. Returns what is wrong, each time with its file, for people. */
  read(files: HostFiles, readings: Reading[], nowNs: number): readonly string[] {
    const isLimitDue = nowNs >= this.#limitsDueNs;
    if (isLimitDue) this.#limitsDueNs = nowNs + limitsNs;
    const problems: string[] = [];
    for (const live of this.#channels) {
      if (isLimitDue) live.limits = this.#readLimits(files, live, problems);
      problems.push(...this.#readChannel(files, live, readings, nowNs));
    }
    if (readings.length > 0 || this.#rejected > 0)
      readings.push({ sensor: this.#rejectedSensor, value: this.#rejected });
    if (this.#leftOut === 0) return problems;
    readings.push({ sensor: this.#leftOutSensor, value: this.#leftOut });
    return [...problems, `${this.source.id}: ${tooMany(this.#leftOut, 'channels', maxChannels)}`];
  }

  #readLimits(files: HostFiles, { limitFiles, channel }: LiveChannel, problems: string[]): readonly Reading[] {
    return limitFiles.flatMap(({ path, sensor }) => {
      const file = files.read(path);
      const count = file.kind === 'text' ? wholeNumber(file.text.trim()) : undefined;
      const value = count === undefined ? 'absent' : channelValue(channel.kind, count);
      if (value === 'impossible') problems.push(...this.#impossible(path));
      return typeof value === 'number' ? [{ sensor, value }] : [];
    });
  }

  #readChannel(files: HostFiles, live: LiveChannel, readings: Reading[], nowNs: number): readonly string[] {
    const { channel, sensor, limits, status, faultFile, alarmFiles } = live;
    const isFaulty = faultFile === undefined ? undefined : isRaised(files, `${this.folder}/${faultFile}`);
    const alarms = alarmFiles.map((name) => isRaised(files, `${this.folder}/${name}`));
    const now = isFaulty ? 'failed' : alarms.includes(true) ? 'degraded' : 'ok';
    // A sensor whose flags are all unreadable has no known health: it gets no status.
    const isKnown = [isFaulty, ...alarms].some((flag) => flag !== undefined);
    for (const each of isKnown ? status : []) readings.push({ sensor: each.sensor, value: each.state === now ? 1 : 0 });
    // A sensor that is open or shorted still has a value in its file. The value means nothing.
    if (isFaulty) return [];
    const path = `${this.folder}/${channel.file}`;
    const file = files.read(path);
    // Broken drivers always answer EAGAIN or EIO, disabled channels ENODATA: there is no value, and no fault to report.
    if (file.kind !== 'text') return [];
    const count = wholeNumber(file.text.trim());
    if (count === undefined) return [garbled(path)];
    const value = this.#valueOf(live, count, nowNs);
    if (value === 'impossible') return this.#impossible(path);
    if (value !== 'absent') readings.push({ sensor, value });
    readings.push(...limits);
    return [];
  }

  /** Of a counter of energy: joules that only rise, without steps that cannot be. */
  #valueOf({ channel: { kind }, counter }: LiveChannel, count: number, nowNs: number): ReturnType<typeof channelValue> {
    const value = channelValue(kind, count);
    if (kind.metric !== metric.hwEnergy || typeof value !== 'number') return value;
    const { countsPerUnit: countsPerJoule } = kind;
    counter.energy ??= new EnergyCounter({ countsPerJoule, mostWatts, startJoules: value });
    return counter.energy.add(count, nowNs).kind === 'rejected' ? 'impossible' : counter.energy.joules;
  }

  /** Counted each time, and reported once for each file. */
  #impossible(path: string): readonly string[] {
    this.#rejected++;
    if (this.#odd.has(path)) return [];
    this.#odd.add(path);
    return [`${path} has a value that cannot be, and is left out while it has`];
  }
}

/** The same text while the chip has the same files. */
export function shapeOf(folder: string, names: readonly string[]): string {
  return [folder, ...names].join('\n');
}

interface Labelled {
  readonly channel: Channel;
  readonly label: string | undefined;
}

/** The package of a processor before each of its cores. */
function wholeFirst(channels: readonly Labelled[]): readonly Labelled[] {
  const isWhole = ({ label = '' }: Labelled) => whole.test(label);
  return [...channels.filter(isWhole), ...channels.filter((each) => !isWhole(each))];
}

function liveChannel(
  folder: string,
  chipId: string,
  channel: Channel,
  label: string | undefined,
  names: ReadonlySet<string>,
): LiveChannel {
  const faultFile = names.has(`${channel.name}_fault`) ? `${channel.name}_fault` : undefined;
  const alarmFiles = alarmSuffixes.map((suffix) => `${channel.name}_${suffix}`).filter((name) => names.has(name));
  const sensor = channelSensor(chipId, channel, label);
  const limitFiles = limitSensors(chipId, channel, label).flatMap((limit) =>
    names.has(limit.file) ? [{ path: `${folder}/${limit.file}`, sensor: limit.sensor }] : [],
  );
  const hasStatus = faultFile !== undefined || alarmFiles.length > 0;
  const status = hasStatus ? states.map((state) => ({ state, sensor: statusSensor(sensor, state) })) : [];
  const changing = { limits: [], counter: {} };
  return { channel, sensor, limitFiles, status, faultFile, alarmFiles, ...changing };
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

function labelOf(files: HostFiles, folder: string, { name }: Channel, names: ReadonlySet<string>): string | undefined {
  const file = names.has(`${name}_label`) ? files.read(`${folder}/${name}_label`) : undefined;
  const label = file?.kind === 'text' ? file.text.trim().slice(0, maxLabel) : '';
  return label === '' ? undefined : label;
}
