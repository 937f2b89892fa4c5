import { attribute, BenchlabError, metric, type Reading, type Sensor, type Source } from '@benchlab-otel/core';
import { EnergyCounter } from './energyCounter.ts';
import type { FileText, HostFiles } from './files.ts';
import { garbled } from './part.ts';
import { count } from './text.ts';

const folder = '/sys/class/powercap';
const sourceId = 'rapl';
/** Eight sockets with five domains each. */
const maxZones = 40;
const microjoulesPerJoule = 1e6;

interface Zone {
  readonly energyPath: string;
  readonly counter: EnergyCounter;
  readonly energy: Sensor;
  readonly power: Sensor;
  /** `package-0`: the only kind that enters the total of the processors. */
  readonly isPackage: boolean;
}

export interface RaplReadings {
  readonly readings: readonly Reading[];
  /** Watts of all packages together; absent until every package has power. */
  readonly cpuWatts?: number;
  readonly problem?: BenchlabError;
}

/**
 * The energy counters of the processors (Linux, Documentation/power/powercap/powercap.rst), Intel's and AMD's.
 * Domains inside a package are shown and never added to it; neither is the platform, which contains the package.
 */
export class Rapl {
  readonly source: Source = {
    id: sourceId,
    name: 'processor energy counters',
    simulated: false,
    boundary: 'cpu_package',
    // The power is the step of a counter, over the time since the sample before.
    aperture: { kind: 'mean', seconds: 'since the sample before' },
    attributes: { [attribute.hwType]: 'cpu' },
  };
  #zones: readonly Zone[] = [];
  readonly #counters = new Map<string, EnergyCounter>();
  #isDenialKnown = false;

  get hasZones(): boolean {
    return this.#zones.length > 0;
  }

  enumerate(files: HostFiles): void {
    const names = files.list(folder).filter((name) => /^intel-rapl:\d+(:\d+)?$/.test(name));
    this.#zones = names.slice(0, maxZones).flatMap((name) => this.#zone(files, name) ?? []);
  }

  read(files: HostFiles, nowNs: number): RaplReadings {
    const readings: Reading[] = [];
    let watts: number | undefined = 0;
    let problem: BenchlabError | undefined;
    for (const zone of this.#zones) {
      const file = files.read(zone.energyPath);
      const mean = this.#readZone(zone, file, nowNs, readings);
      if (zone.isPackage) watts = mean === undefined || watts === undefined ? undefined : watts + mean;
      problem ??= this.#problem(file, zone.energyPath);
    }
    if (!this.#zones.some(({ isPackage }) => isPackage)) watts = undefined;
    return {
      readings,
      ...(watts === undefined ? {} : { cpuWatts: watts }),
      ...(problem === undefined ? {} : { problem }),
    };
  }

  #readZone(zone: Zone, file: FileText, nowNs: number, readings: Reading[]): number | undefined {
    const raw = file.kind === 'text' ? count(file.text.trim()) : undefined;
    if (raw === undefined) return undefined;
    const watts = zone.counter.add(raw, nowNs);
    readings.push({ sensor: zone.energy, value: zone.counter.joules });
    if (watts !== undefined) readings.push({ sensor: zone.power, value: watts });
    return watts;
  }

  /** A counter that this user may not read is reported once, and is absent until it can be read. */
  #problem(file: FileText, path: string): BenchlabError | undefined {
    if (file.kind === 'text' && count(file.text.trim()) === undefined) {
      return new BenchlabError('BAD_REPLY', `${garbled(path)}.`, 'Please report it.');
    }
    if (file.kind !== 'denied' || this.#isDenialKnown) return undefined;
    this.#isDenialKnown = true;
    const what = `${path} is readable by root only: the energy of the processors is not measured.`;
    return new BenchlabError('NO_PERMISSION', what, 'Run as root, or let a udev rule make energy_uj readable.');
  }

  #zone(files: HostFiles, name: string): Zone | undefined {
    const label = files.read(`${folder}/${name}/name`);
    const range = files.read(`${folder}/${name}/max_energy_range_uj`);
    const rangeMicrojoules = range.kind === 'text' ? count(range.text.trim()) : undefined;
    if (label.kind !== 'text' || !rangeMicrojoules) return undefined;
    const domain = label.text.trim();
    const counter = this.#counters.get(name) ?? new EnergyCounter(rangeMicrojoules, microjoulesPerJoule);
    this.#counters.set(name, counter);
    const attributes = {
      [attribute.hwId]: `${sourceId}/${name}`,
      [attribute.hwParent]: parentOf(name),
      [attribute.hwName]: domain,
      [attribute.hwType]: hwType(domain),
      [attribute.meter]: 'rapl',
    };
    return {
      energyPath: `${folder}/${name}/energy_uj`,
      counter,
      energy: { metric: metric.hwEnergy, attributes },
      power: { metric: metric.hwPower, attributes },
      isPackage: domain.startsWith('package-'),
    };
  }
}

/** `intel-rapl:0:1` is part of `intel-rapl:0`. */
function parentOf(name: string): string {
  const zone = /^(intel-rapl:\d+):\d+$/.exec(name)?.[1];
  return zone === undefined ? sourceId : `${sourceId}/${zone}`;
}

/** Domains that overlap the package have a type of their own, so that a sum over `cpu` counts each joule once. */
function hwType(domain: string): string {
  if (domain.startsWith('package-')) return 'cpu';
  if (domain === 'dram') return 'memory';
  return domain === 'psys' ? 'platform' : 'cpu_domain';
}
