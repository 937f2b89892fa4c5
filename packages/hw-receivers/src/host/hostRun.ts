import {
  attribute,
  BenchlabError,
  type Clock,
  createReportOnce,
  type GuardedConsumer,
  type Polling,
  type PollReport,
  type PollResult,
  type Reading,
  type ReceiverRun,
  type ReportOnce,
  type Source,
  startPolling,
} from '@benchlab-otel/core';
import type { HostFiles } from './files.ts';
import { chipGone, type Hwmon } from './hwmon.ts';
import type { HostPart } from './part.ts';
import type { Rapl, RaplReadings } from './rapl.ts';

/** The devices of a host that the options ask for. They outlive a run: counters and sensors stay. */
export interface HostDevices {
  readonly parts: readonly HostPart[];
  readonly hwmon: Hwmon | undefined;
  readonly rapl: Rapl | undefined;
}

export interface HostRunParts {
  readonly name: string;
  readonly devices: HostDevices;
  readonly files: HostFiles;
  readonly clock: Clock;
  readonly consumer: GuardedConsumer;
  readonly intervalNs: number;
  readonly powerIntervalNs: number;
}

// Chips rarely come and go. Looking costs a few files for each.
const pollsBetweenLooks = 30;
/** Reading is synchronous: a poll that takes longer than this is reported, not cut short. */
const timeoutNs = 5e9;

/** This host, as the device that /proc describes. */
const hostSource: Source = {
  id: 'host',
  name: 'host',
  simulated: false,
  attributes: { [attribute.hwType]: 'enclosure' },
};

/** From one start to one stop: one loop for what changes slowly, and a faster one for the energy of the processors. */
export class HostRun implements ReceiverRun {
  readonly #parts: HostRunParts;
  readonly #report: ReportOnce;
  #polls: readonly Polling[] = [];
  #untilLook = 0;
  #energyNs: number | undefined;

  constructor(parts: HostRunParts) {
    this.#parts = parts;
    this.#report = createReportOnce(parts.name);
  }

  start(): void {
    const { devices, intervalNs, powerIntervalNs } = this.#parts;
    // The zones belong to the processors: they do not come and go.
    devices.rapl?.enumerate(this.#parts.files);
    const hasPower = devices.rapl?.hasZones === true;
    const loops = [this.#loop(intervalNs, () => this.#poll(hasPower))];
    if (hasPower) loops.push(this.#loop(powerIntervalNs, () => this.#pollPower()));
    this.#polls = loops;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#polls.map((polling) => polling.stop()));
    this.#parts.files.close();
  }

  #loop(intervalNs: number, poll: () => PollResult): Polling {
    const { name, clock, consumer } = this.#parts;
    const report = (polled: PollReport) => {
      if (polled.error) this.#report(polled.error.message);
      consumer.polled(polled);
    };
    return startPolling({ receiver: name, clock, intervalNs, timeoutNs, poll: async () => poll(), report });
  }

  #poll(hasPower: boolean): PollResult {
    const problems: string[] = [];
    const found = this.#readHost(problems) + this.#readChips(problems);
    const [problem] = problems;
    if (problem !== undefined) {
      const error = new BenchlabError('BAD_REPLY', `${problem}.`, 'Its values are left out.');
      return { outcome: found > 0 ? 'partial' : 'failure', error };
    }
    if (found > 0) return { outcome: 'success' };
    if (hasPower) return { outcome: 'silent' };
    const what = 'There is nothing to read below /proc and /sys.';
    return { outcome: 'no_data', error: new BenchlabError('NO_DEVICE', what, 'The host receiver needs Linux.') };
  }

  /** Returns how many readings there were. */
  #readHost(problems: string[]): number {
    const { devices, files, clock } = this.#parts;
    const readings: Reading[] = [];
    const startNs = clock.nowNs();
    for (const part of devices.parts) problems.push(...optional(part.read(files, readings)));
    this.#deliver(hostSource, startNs, readings);
    return readings.length;
  }

  #readChips(problems: string[]): number {
    const { devices, files, clock } = this.#parts;
    const { hwmon } = devices;
    if (hwmon === undefined) return 0;
    if (this.#untilLook <= 0) this.#look(hwmon);
    this.#untilLook--;
    if (hwmon.leftOut > 0) problems.push(`${hwmon.leftOut} sensor chips beyond the bound are left out`);
    let found = 0;
    for (const chip of hwmon.chips) {
      const readings: Reading[] = [];
      const startNs = clock.nowNs();
      problems.push(...optional(chip.read(files, readings)));
      this.#deliver(chip.source, startNs, readings);
      // A chip whose files are all gone has been unplugged.
      if (readings.length === 0 && files.list(chip.folder).length === 0) this.#untilLook = 0;
      found += readings.length;
    }
    return found;
  }

  #look(hwmon: Hwmon): void {
    const { files, clock, consumer } = this.#parts;
    this.#untilLook = pollsBetweenLooks;
    for (const source of hwmon.enumerate(files)) {
      consumer.lost({ source, timeNs: clock.nowNs(), error: chipGone(source) });
    }
  }

  #pollPower(): PollResult {
    const { devices, files, clock } = this.#parts;
    const startNs = clock.nowNs();
    const result = devices.rapl?.read(files, startNs);
    if (result === undefined || (result.readings.length === 0 && result.problem === undefined)) {
      return { outcome: 'silent' };
    }
    if (result.readings.length > 0 && devices.rapl) this.#deliverPower(devices.rapl.source, startNs, result);
    if (result.problem === undefined) return { outcome: 'success' };
    return { outcome: result.readings.length > 0 ? 'partial' : 'failure', error: result.problem };
  }

  /**
   * A counter gives the mean power between two reads: its time is the middle between them, plus or minus half the interval.
   * Before the second read there is no power, and the sample has the time of the read.
   */
  #deliverPower(source: Source, readNs: number, { readings, cpuWatts }: RaplReadings): void {
    const beforeNs = this.#energyNs;
    this.#energyNs = readNs;
    if (cpuWatts === undefined || beforeNs === undefined) {
      this.#deliver(source, readNs, readings);
      return;
    }
    const [timeNs, uncertaintyNs] = [(beforeNs + readNs) / 2, (readNs - beforeNs) / 2];
    this.#parts.consumer.sample({ source, timeNs, uncertaintyNs, readings, totals: { cpu: cpuWatts } });
  }

  #deliver(source: Source, startNs: number, readings: readonly Reading[]): void {
    if (readings.length === 0) return;
    const endNs = this.#parts.clock.nowNs();
    const [timeNs, uncertaintyNs] = [(startNs + endNs) / 2, (endNs - startNs) / 2];
    this.#parts.consumer.sample({ source, timeNs, uncertaintyNs, readings });
  }
}

function optional(problem: string | undefined): string[] {
  return problem === undefined ? [] : [problem];
}
