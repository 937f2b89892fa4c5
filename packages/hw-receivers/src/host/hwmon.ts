import type { Reading, Source } from '@benchlab-otel/core';
import { BenchlabError } from '@benchlab-otel/core/definitions';
import type { HostFiles } from './files.ts';
import { HwmonChip, shapeOf } from './hwmonChip.ts';
import { LeftOut } from './leftOut.ts';
import { naturally } from './naturalOrder.ts';
import { rejectedSensor } from './rejected.ts';

const folder = '/sys/class/hwmon';
/** A server with a chip for each disk and memory module has some 30. Beyond this, chips are left out. */
const maxChips = 48;

/** The chips of /sys/class/hwmon. They are looked for at intervals, because they can be plugged in and out. */
export class Hwmon {
  #chips = new Map<string, HwmonChip>();
  /** Chips beyond the bound. */
  leftOut = 0;
  readonly #leftOutSensor = rejectedSensor('host/chips', 'no_room');
  readonly #counted = new LeftOut();

  get chips(): readonly HwmonChip[] {
    return [...this.#chips.values()];
  }

  /** Appends how many chips were left out, once there was one. */
  appendLeftOut(readings: Reading[]): void {
    if (this.#counted.count > 0) readings.push({ sensor: this.#leftOutSensor, value: this.#counted.count });
  }

  /** Looks for chips. Those that stay keep their sensors. Returns the sources that have gone. */
  enumerate(files: HostFiles): readonly Source[] {
    const found = new Map<string, HwmonChip>();
    const names = naturally(files.list(folder).filter((name) => /^hwmon\d+$/.test(name)));
    this.leftOut = Math.max(0, names.length - maxChips);
    const ordered = this.leftOut === 0 ? names : hardwareFirst(files, names);
    this.#counted.see(ordered.slice(maxChips));
    for (const name of ordered.slice(0, maxChips)) {
      const path = `${folder}/${name}`;
      const chipName = nameOf(files, path);
      if (chipName === undefined) continue;
      const id = uniqueId(idOf(files, path, chipName), found);
      const known = this.#chips.get(id);
      const isKnown = known?.shape === shapeOf(path, files.list(path));
      found.set(id, known && isKnown ? known : new HwmonChip(files, path, id, chipName));
    }
    const left = [...this.#chips.values()].filter((chip) => found.get(chip.source.id) !== chip);
    for (const chip of left) files.close(`${chip.folder}/`);
    this.#chips = found;
    return left.flatMap(({ source }) => (found.has(source.id) ? [] : source));
  }
}

/** Chips with a device behind them before virtual ones. */
function hardwareFirst(files: HostFiles, names: readonly string[]): readonly string[] {
  const real = new Set(names.filter((name) => files.resolve(`${folder}/${name}/device`) !== undefined));
  return [...real, ...names.filter((name) => !real.has(name))];
}

/** Why a source of this receiver is lost. */
export function chipGone(source: Source): BenchlabError {
  return new BenchlabError('DEVICE_LOST', `The sensor chip ${source.id} has gone.`, 'It is looked for again.');
}

function nameOf(files: HostFiles, path: string): string | undefined {
  const file = files.read(`${path}/name`);
  const name = file.kind === 'text' ? file.text.trim().slice(0, 64) : '';
  return name === '' ? undefined : name;
}

/**
 * The chip by the path of its device and its name: neither is unique alone (labels and names repeat over chips, one
 * device may have two chips), and the number of hwmonN depends on the order in which drivers were loaded.
 */
function idOf(files: HostFiles, path: string, chipName: string): string {
  const device = files.resolve(`${path}/device`)?.replace(/^\/sys\/devices\//, '');
  return `hwmon/${device ?? 'virtual'}/${chipName}`;
}

/** Virtual chips have no device and may share a name: only their order distinguishes them. */
function uniqueId(id: string, taken: ReadonlyMap<string, unknown>): string {
  let unique = id;
  for (let number = 2; taken.has(unique); number++) unique = `${id}#${number}`;
  return unique;
}
