import type { Reading, Sensor, Source } from '@benchlab-otel/core';
import { attribute, BenchlabError, metric } from '@benchlab-otel/core/definitions';
import { EnergyCounter, type EnergyMark, type EnergyStep } from '../counters/energyCounter.ts';
import type { FileText, HostFiles } from './files.ts';
import { LeftOut } from './leftOut.ts';
import { naturally } from './naturalOrder.ts';
import { garbled } from './part.ts';
import { rejectedSensor } from './rejected.ts';
import { count } from './text.ts';

const folder = '/sys/class/powercap';
const sourceId = 'rapl';
/** Eight sockets with five domains each. */
const maxZones = 40;
const microjoulesPerJoule = 1e6;
/** No processor package draws more (the largest are built for 500 W). */
const mostWatts = 2000;
/** A counter that has not moved for this long does not count: it changes about every ms, also when the processor is idle. */
const stuckNs = 3e9;

interface Zone {
  readonly name: string;
  readonly energyPath: string;
  readonly counter: EnergyCounter;
  readonly energy: Sensor;
  readonly power: Sensor;
  /** `package-0`: the only kind that enters the total of the processors. */
  readonly isPackage: boolean;
  firstNs?: number;
}

interface ZoneMark extends EnergyMark {
  readonly firstNs: number;
}

/** Where the counters stand: plain data. A thread that follows another one counts on from there. */
export interface RaplMarks {
  readonly zones: Readonly<Record<string, ZoneMark>>;
  /** Joules of all packages, and when they were known last. */
  readonly total?: { readonly joules: number; readonly timeNs: number };
}

export interface RaplReadings {
  readonly readings: readonly Reading[];
  /** Mean power of all packages together since `sinceNs`; absent until every package has power. */
  readonly cpu?: { readonly watts: number; readonly sinceNs: number };
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
  readonly #rejectedSensor: Sensor = rejectedSensor(sourceId, 'implausible');
  readonly #zonesByName = new Map<string, Zone>();
  #zones: readonly Zone[] = [];
  readonly #leftOutSensor: Sensor = rejectedSensor(sourceId, 'no_room');
  readonly #counted = new LeftOut();
  #leftOut = 0;
  #rejected = 0;
  #total: RaplMarks['total'];
  /** A zone is there whose name cannot be read, so it may be a package. */
  #isIncomplete = false;
  /** Of zones that are listed, also while they cannot be read. */
  readonly #marks: Map<string, ZoneMark>;
  /** Before the first look the marks are those of the thread before. */
  #hasLooked = false;
  readonly #known = new Set<string>();

  constructor(from: RaplMarks = { zones: {} }) {
    this.#marks = new Map(Object.entries(from.zones));
    this.#total = from.total;
  }

  get marks(): RaplMarks {
    for (const { name, counter, firstNs } of this.#zones) {
      if (counter.mark !== undefined && firstNs !== undefined) this.#marks.set(name, { ...counter.mark, firstNs });
    }
    const zones = Object.fromEntries(this.#marks);
    return this.#total === undefined ? { zones } : { zones, total: this.#total };
  }

  get hasZones(): boolean {
    return this.#zones.length > 0;
  }

  /** Looks for zones. The module that makes them may be loaded after this was started. */
  enumerate(files: HostFiles): void {
    const names = naturally(files.list(folder).filter((name) => /^intel-rapl:\d+(:\d+)?$/.test(name)));
    this.#leftOut = Math.max(0, names.length - maxZones);
    this.#counted.see(names.slice(maxZones));
    const before = this.#hasLooked ? this.#zones.length : this.#marks.size;
    const shown = names.slice(0, maxZones);
    this.#isIncomplete = false;
    this.#zones = shown.flatMap((name) => this.#zone(files, name) ?? []);
    this.#hasLooked = true;
    for (const name of this.#marks.keys()) if (!shown.includes(name)) this.#marks.delete(name);
    // A total of other packages is not one with the total before.
    if (this.#zones.length !== before) this.#total = undefined;
    const kept = new Set(this.#zones);
    for (const [name, zone] of this.#zonesByName) if (!kept.has(zone)) this.#zonesByName.delete(name);
  }

  read(files: HostFiles, nowNs: number): RaplReadings {
    const readings: Reading[] = [];
    const steps: (EnergyStep['kind'] | undefined)[] = [];
    let problem = this.#tooMany();
    for (const zone of this.#zones) {
      const file = files.read(zone.energyPath);
      const step = this.#readZone(zone, file, nowNs, readings);
      if (zone.isPackage) steps.push(step);
      problem ??= this.#problem(zone, file, nowNs);
    }
    const cpu = this.#cpu(steps, nowNs);
    if (readings.length > 0) readings.push({ sensor: this.#rejectedSensor, value: this.#rejected });
    if (readings.length > 0 && this.#counted.count > 0) {
      readings.push({ sensor: this.#leftOutSensor, value: this.#counted.count });
    }
    return { readings, ...(cpu && { cpu }), ...(problem && { problem }) };
  }

  #readZone(zone: Zone, file: FileText, nowNs: number, readings: Reading[]): EnergyStep['kind'] | undefined {
    const raw = file.kind === 'text' ? count(file.text.trim()) : undefined;
    if (raw === undefined) return undefined;
    zone.firstNs ??= nowNs;
    const step = zone.counter.add(raw, nowNs);
    if (step.kind === 'rejected') this.#rejected++;
    if (step.kind === 'held') return 'held';
    const isMoving = zone.counter.hasMoved;
    if (isMoving || !isStuck(zone, nowNs)) readings.push({ sensor: zone.energy, value: zone.counter.joules });
    if (step.kind !== 'power') return step.kind;
    if (!isMoving) return 'unknown';
    readings.push({ sensor: zone.power, value: step.watts });
    return 'power';
  }

  /** The mean since the last poll in which all packages had power, so that a poll without it loses no energy. */
  #cpu(steps: readonly (EnergyStep['kind'] | undefined)[], nowNs: number): RaplReadings['cpu'] {
    if (steps.length === 0 || steps.includes('held') || this.#isIncomplete) return undefined;
    const packages = this.#zones.filter(({ isPackage }) => isPackage);
    const joules = packages.reduce((sum, { counter }) => sum + counter.joules, 0);
    const before = this.#total;
    const isKnown = steps.every((kind) => kind === 'power' || kind === 'rejected');
    const isMoving = packages.every(({ counter }) => counter.hasMoved);
    this.#total = steps.includes(undefined) ? undefined : { joules, timeNs: nowNs };
    if (!isKnown || !isMoving || before === undefined || steps.includes('rejected')) return undefined;
    return { watts: ((joules - before.joules) / (nowNs - before.timeNs)) * 1e9, sinceNs: before.timeNs };
  }

  #tooMany(): BenchlabError | undefined {
    if (this.#leftOut === 0) return undefined;
    const what = `${this.#leftOut} energy counters of the processors beyond the bound of ${maxZones} are left out.`;
    return new BenchlabError('UNSUPPORTED', what, 'Please report it.');
  }

  /** Trouble that lasts is reported once: a counter that this user may not read, and one that does not count. */
  #problem(zone: Zone, file: FileText, nowNs: number): BenchlabError | undefined {
    const path = zone.energyPath;
    if (file.kind === 'text' && count(file.text.trim()) === undefined) {
      return new BenchlabError('BAD_REPLY', `${garbled(path)}.`, 'Please report it.');
    }
    if (file.kind === 'denied' && this.#isNew('denied')) {
      const what = `${path} is readable by root only: the energy of the processors is not measured.`;
      return new BenchlabError('NO_PERMISSION', what, 'Run as root, or let a udev rule make energy_uj readable.');
    }
    if (file.kind === 'text' && isStuck(zone, nowNs) && this.#isNew(zone.name)) {
      const what = `${path} does not count: it has had one value since it was first read. It is left out.`;
      return new BenchlabError('UNSUPPORTED', what, 'A virtual machine has no energy counter. Read it on its host.');
    }
    return undefined;
  }

  #isNew(trouble: string): boolean {
    if (this.#known.has(trouble)) return false;
    this.#known.add(trouble);
    return true;
  }

  #zone(files: HostFiles, name: string): Zone | undefined {
    const known = this.#zonesByName.get(name);
    if (known !== undefined) return known;
    const label = files.read(`${folder}/${name}/name`);
    const file = files.read(`${folder}/${name}/max_energy_range_uj`);
    const range = file.kind === 'text' ? count(file.text.trim()) : undefined;
    if (label.kind === 'broken') this.#isIncomplete = true;
    if (label.kind !== 'text' || !range) return undefined;
    const domain = label.text.trim();
    const attributes = {
      [attribute.hwId]: `${sourceId}/${name}`,
      [attribute.hwParent]: parentOf(name),
      [attribute.hwName]: domain,
      [attribute.hwType]: hwType(domain),
      [attribute.meter]: 'rapl',
    };
    // A zone that comes back counts on from its joules, and not from its count: its driver may have started again.
    const mark = this.#marks.get(name);
    const start = mark && (this.#hasLooked ? { startJoules: mark.joules } : { from: mark });
    const zone: Zone = {
      name,
      energyPath: `${folder}/${name}/energy_uj`,
      // Seen on mobile processors: the counter leaps forth by hundreds of joules, and back at the next reading.
      counter: new EnergyCounter({ range, countsPerJoule: microjoulesPerJoule, mostWatts, holdsLeaps: true, ...start }),
      energy: { metric: metric.hwEnergy, attributes },
      power: { metric: metric.hwPower, attributes },
      isPackage: domain.startsWith('package-'),
      ...(start?.from && { firstNs: start.from.firstNs }),
    };
    this.#zonesByName.set(name, zone);
    return zone;
  }
}

function isStuck({ counter, firstNs }: Zone, nowNs: number): boolean {
  return !counter.hasMoved && firstNs !== undefined && nowNs - firstNs >= stuckNs;
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
