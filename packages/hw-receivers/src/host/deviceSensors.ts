// Series of a device times this bound, for disks and interfaces together, stay below the 512 sensors that sample
// metrics keep for one source.
const defaultMax = 20;

/** The sensors of devices that come and go, by name, so that a device keeps its sensors. At most `max` of them. */
export class DeviceSensors<Sensors> {
  readonly max: number;
  readonly #byName = new Map<string, Sensors>();
  readonly #make: (name: string) => Sensors;

  constructor(make: (name: string) => Sensors, max: number = defaultMax) {
    this.#make = make;
    this.max = max;
  }

  /** Calls `take` for the first `max` devices, and forgets those that are no longer there. Returns how many were left out. */
  each<Device extends { readonly name: string }>(
    devices: readonly Device[],
    take: (device: Device, sensors: Sensors) => void,
  ): number {
    const shown = devices.slice(0, this.max);
    for (const device of shown) {
      const sensors = this.#byName.get(device.name) ?? this.#make(device.name);
      this.#byName.set(device.name, sensors);
      take(device, sensors);
    }
    if (this.#byName.size > shown.length) this.#keep(new Set(shown.map(({ name }) => name)));
    return devices.length - shown.length;
  }

  #keep(names: ReadonlySet<string>): void {
    for (const name of this.#byName.keys()) if (!names.has(name)) this.#byName.delete(name);
  }
}
