import type { BenchlabError, Reading, Sample, Source } from '@benchlab-otel/core';
import { attribute } from '@benchlab-otel/core/definitions';
import type { HostFiles } from './files.ts';
import type { HostDevices } from './hostDevices.ts';
import type { Hwmon } from './hwmon.ts';
import type { HwmonChip } from './hwmonChip.ts';
import type { RaplMarks } from './rapl.ts';

/** What one look at the host brought. */
export interface HostPoll {
  readonly samples: readonly Sample[];
  /** Sensor chips that have gone. */
  readonly lost: readonly Source[];
  /** What is wrong, each time with its file, for people. */
  readonly problems: readonly string[];
  /** There are energy counters of the processors. */
  readonly hasPower: boolean;
}

/** What one look at the energy of the processors brought. */
export interface PowerPoll {
  readonly samples: readonly Sample[];
  readonly marks?: RaplMarks;
  readonly problem?: BenchlabError;
}

/** Chips and zones rarely come and go. Looking costs a few files for each: after this time, or this number of polls. */
const [lookNs, lookPolls] = [30e9, 30];
/** A chip that takes longer is read less often: a tenth of the time at most is spent on it. */
const slow = { ns: 50e6, share: 0.1 } as const;

/** This host, as the device that /proc describes. */
const hostSource: Source = {
  id: 'host',
  name: 'host',
  simulated: false,
  attributes: { [attribute.hwType]: 'enclosure' },
};

/** Reads the devices of the host. It runs in the thread of the receiver: a file may hang. */
export class HostReader {
  readonly #devices: HostDevices;
  readonly #files: HostFiles;
  readonly #nowNs: () => number;
  readonly #slowUntilNs = new WeakMap<HwmonChip, number>();
  #lookDueNs = Number.NEGATIVE_INFINITY;
  #pollsUntilLook = 0;
  #zonesDueNs = Number.NEGATIVE_INFINITY;

  constructor(devices: HostDevices, files: HostFiles, nowNs: () => number) {
    this.#devices = devices;
    this.#files = files;
    this.#nowNs = nowNs;
  }

  read(): HostPoll {
    const problems: string[] = [];
    const samples: Sample[] = [];
    this.#readParts(samples, problems);
    this.#findZones();
    const { hwmon, rapl } = this.#devices;
    const lost = hwmon === undefined ? [] : this.#readChips(hwmon, samples, problems);
    return { samples, lost, problems, hasPower: rapl?.hasZones === true };
  }

  readPower(): PowerPoll {
    this.#findZones();
    const { rapl } = this.#devices;
    const readNs = this.#nowNs();
    if (rapl === undefined) return { samples: [] };
    const { readings, cpu, problem } = rapl.read(this.#files, readNs);
    const found = { marks: rapl.marks, ...(problem && { problem }) };
    if (readings.length === 0) return { samples: [], ...found };
    // A counter gives the mean power between two reads: its time is the middle between them, plus or minus half the
    // interval. Without a power the sample has the time of the read.
    const sinceNs = cpu?.sinceNs ?? readNs;
    const [timeNs, uncertaintyNs] = [(sinceNs + readNs) / 2, (readNs - sinceNs) / 2];
    const sample = { source: rapl.source, timeNs, uncertaintyNs, readings };
    return { samples: [cpu === undefined ? sample : { ...sample, totals: { cpu: cpu.watts } }], ...found };
  }

  /** Closes what is open. Reading opens it again. */
  close(): void {
    this.#files.close();
  }

  #readParts(samples: Sample[], problems: string[]): void {
    const readings: Reading[] = [];
    const startNs = this.#nowNs();
    for (const part of this.#devices.parts) problems.push(...part.read(this.#files, readings, this.#nowNs()));
    this.#devices.hwmon?.appendLeftOut(readings);
    this.#add(samples, hostSource, startNs, readings);
  }

  #readChips(hwmon: Hwmon, samples: Sample[], problems: string[]): readonly Source[] {
    const lost = this.#look(hwmon);
    if (hwmon.leftOut > 0) problems.push(`${hwmon.leftOut} sensor chips beyond the bound are left out`);
    for (const chip of hwmon.chips) {
      const startNs = this.#nowNs();
      if (startNs < (this.#slowUntilNs.get(chip) ?? startNs)) continue;
      const readings: Reading[] = [];
      problems.push(...chip.read(this.#files, readings, startNs));
      this.#add(samples, chip.source, startNs, readings);
      // A chip whose files are all gone has been unplugged.
      if (readings.length === 0 && this.#files.list(chip.folder).length === 0) {
        this.#lookDueNs = Number.NEGATIVE_INFINITY;
      }
      const tookNs = this.#nowNs() - startNs;
      if (tookNs > slow.ns) this.#slowUntilNs.set(chip, startNs + tookNs / slow.share);
    }
    return lost;
  }

  #look(hwmon: Hwmon): readonly Source[] {
    const nowNs = this.#nowNs();
    if (nowNs < this.#lookDueNs && this.#pollsUntilLook-- > 0) return [];
    this.#lookDueNs = nowNs + lookNs;
    this.#pollsUntilLook = lookPolls;
    return hwmon.enumerate(this.#files);
  }

  #findZones(): void {
    const nowNs = this.#nowNs();
    if (nowNs < this.#zonesDueNs) return;
    this.#zonesDueNs = nowNs + lookNs;
    this.#devices.rapl?.enumerate(this.#files);
  }

  #add(samples: Sample[], source: Source, startNs: number, readings: readonly Reading[]): void {
    if (readings.length === 0) return;
    const endNs = this.#nowNs();
    samples.push({ source, timeNs: (startNs + endNs) / 2, uncertaintyNs: (endNs - startNs) / 2, readings });
  }
}
