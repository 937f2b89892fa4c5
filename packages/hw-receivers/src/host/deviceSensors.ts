import { LeftOut } from './leftOut.ts';
import { naturally } from './naturalOrder.ts';

// Series of a device times this bound, for disks and interfaces together, stay below the 512 sensors that sample
// metrics keep for one source.
const defaultMax = 20;

/** Which devices come first where there are more than the bound: 0 before 1 before 2. */
export type Rank<Device> = (device: Device) => number;

/** The sensors of devices that come and go, by name, so that a device keeps its sensors. At most `max` of them. */
export class DeviceSensors<Sensors> {
  readonly max: number;
  readonly #leftOut = new LeftOut();
  readonly #byName = new Map<string, Sensors>();
  readonly #make: (name: string) => Sensors;

  constructor(make: (name: string) => Sensors, max: number = defaultMax) {
    this.#make = make;
    this.max = max;
  }

  /** Devices that were left out, each counted once. */
  get leftOut(): number {
    return this.#leftOut.count;
  }

  /** Calls `take` for `max` devices at most, and forgets those that are no longer there. Returns how many were left out. */
  each<Device extends { readonly name: string }>(
    devices: readonly Device[],
    rank: Rank<Device>,
    take: (device: Device, sensors: Sensors) => void,
  ): number {
    const all = devices.length > this.max ? first(devices, rank) : devices;
    const [shown, left] = [all.slice(0, this.max), all.slice(this.max)];
    for (const device of shown) {
      const sensors = this.#byName.get(device.name) ?? this.#make(device.name);
      this.#byName.set(device.name, sensors);
      take(device, sensors);
    }
    if (this.#byName.size > shown.length) this.#keep(new Set(shown.map(({ name }) => name)));
    this.#leftOut.see(left.map(({ name }) => name));
    return left.length;
  }

  #keep(names: ReadonlySet<string>): void {
    for (const name of this.#byName.keys()) if (!names.has(name)) this.#byName.delete(name);
  }
}

/** By rank, and in natural order within a rank. */
function first<Device extends { readonly name: string }>(devices: readonly Device[], rank: Rank<Device>): Device[] {
  const place = new Map(naturally(devices.map(({ name }) => name)).map((name, at) => [name, at]));
  const order = (device: Device) => place.get(device.name) ?? 0;
  return devices
    .map((device) => ({ device, of: rank(device) }))
    .sort((a, b) => a.of - b.of || order(a.device) - order(b.device))
    .map(({ device }) => device);
}
