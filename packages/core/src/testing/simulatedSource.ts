import type { Clock } from '../contracts/clock.ts';
import type { Receiver, SampleConsumer } from '../contracts/receiver.ts';
import type { Aperture, PowerBoundary, PowerRole, Sample, Sensor, Source } from '../contracts/sample.ts';
import { BenchlabError } from '../errors/benchlabError.ts';
import { OptionError } from '../errors/optionError.ts';
import { attribute } from '../registry/attributes.ts';
import { hwEnergy, hwPower } from '../registry/metrics.ts';

/** Power totals in watts. */
export type SimulatedWatts = Readonly<Partial<Record<PowerRole, number>>>;

export interface SimulatedSourceOptions {
  /** A `ManualClock`: the source is read when the test advances it. */
  readonly clock: Clock;
  /** The power of the bench, constant or at an instant (CLOCK_MONOTONIC, ns). Undefined: the poll finds nothing. */
  readonly watts: SimulatedWatts | ((timeNs: number) => SimulatedWatts | undefined);
  /** Default: 50, the period at which a BENCHLAB is read. */
  readonly periodMs?: number;
  /** Default: `simulated`. */
  readonly id?: string;
  /** Default: `dc_rails`. */
  readonly boundary?: PowerBoundary;
  /** Default: not stated. */
  readonly aperture?: Aperture;
}

/** A receiver without a device, for tests. */
export interface SimulatedSource extends Receiver {
  readonly source: Source;
  /** One sample that the test itself passes to a consumer: a reading of `hw.power` for each total. */
  sample(timeNs: number, watts: SimulatedWatts): Sample;
  /** Unplugs the device: its consumer gets a loss, and nothing is read until `plug`. */
  unplug(): void;
  plug(): void;
}

const receiverName = 'simulated';

/**
 * A power meter that a test invents. Everything from it is marked as simulated.
 *
 * @example
 * const clock = new ManualClock();
 * const history = new SampleHistory();
 * await simulatedSource({ clock, watts: { system: 100 } }).start(history);
 * await clock.advanceMs(1000); // 21 samples of 100 W
 */
export function simulatedSource(options: SimulatedSourceOptions): SimulatedSource {
  const { clock, watts, periodMs = 50, id = 'simulated', boundary = 'dc_rails', aperture } = options;
  if (!(periodMs > 0)) throw new OptionError({ option: 'periodMs', value: periodMs, allowed: 'a number above 0' });
  const source: Source = {
    id,
    name: `Simulated meter "${id}"`,
    simulated: true,
    boundary,
    ...(aperture && { aperture }),
    attributes: {},
  };
  const sensors = new Map<string, Sensor>();
  let consumer: SampleConsumer | undefined;
  let cancel = () => {};
  let isPlugged = true;

  const poll = (atNs: number): void => {
    cancel = clock.at(atNs + periodMs * 1e6, () => poll(atNs + periodMs * 1e6));
    const now = typeof watts === 'function' ? watts(atNs) : watts;
    const found = isPlugged && now !== undefined;
    if (found) consumer?.sample(sample(atNs, now));
    consumer?.polled?.({ receiver: receiverName, outcome: found ? 'success' : 'no_data', durationNs: 0, missed: 0 });
  };
  const sample = (timeNs: number, totals: SimulatedWatts): Sample => ({
    source,
    timeNs,
    uncertaintyNs: 0,
    readings: Object.entries(totals).map(([role, value]) => ({ sensor: sensorOf(role), value })),
    totals,
  });
  const sensorOf = (role: string): Sensor => {
    const sensor = sensors.get(role) ?? powerSensor(id, role);
    sensors.set(role, sensor);
    return sensor;
  };

  return {
    name: receiverName,
    source,
    sample,
    async start(to) {
      if (consumer !== undefined) return;
      consumer = to;
      poll(clock.nowNs());
    },
    async stop() {
      cancel();
      consumer = undefined;
    },
    unplug() {
      if (isPlugged) consumer?.lost({ source, timeNs: clock.nowNs(), error: unplugged(source) });
      isPlugged = false;
    },
    plug() {
      isPlugged = true;
    },
  };
}

function powerSensor(id: string, role: string): Sensor {
  return {
    metric: hwPower,
    energyMetric: hwEnergy,
    attributes: {
      [attribute.hwId]: `${id}/${role}`,
      [attribute.hwParent]: id,
      [attribute.hwSensorLocation]: role,
      [attribute.hwType]: 'power_rail',
      [attribute.simulated]: true,
    },
  };
}

function unplugged(source: Source): BenchlabError {
  return new BenchlabError('BOARD_LOST', `${source.name} was unplugged.`, 'Call plug() to bring it back.');
}
