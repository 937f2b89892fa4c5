/** What the emulated board is connected to: the physical truth that it measures, in SI units and degrees Celsius. */
export interface BenchState {
  /** By rail name: `EPS1`, `ATX12V`, `HPWR1` … A rail that is not named carries nothing. */
  readonly rails: Readonly<Record<string, RailState>>;
  /** By probe name: `TS_1`, `TS_HPWR1_IN` … A probe that is not named is not plugged in. */
  readonly celsius: Readonly<Record<string, number>>;
  /** VIN_0 to VIN_12, volts. `undefined`: nothing connected. */
  readonly vinVolts: readonly (number | undefined)[];
  readonly vddVolts: number;
  readonly vrefVolts: number;
  /** The board's own processor. */
  readonly chipCelsius: number | undefined;
  /** 0 for this and for the humidity is what a board reports whose ambient sensor does not answer. */
  readonly ambientCelsius: number | undefined;
  readonly humidityPercent: number | undefined;
  readonly fanSwitch: 'auto' | '50%' | '100%';
  readonly rgbSwitch: 'work' | 'play';
  readonly rgbExt: 'not_detected' | 'detected';
  /** Duty that a mainboard asks of the fan connectors. `undefined`: no external PWM signal. */
  readonly fanExtDutyPercent: number | undefined;
  /** Fan connectors 1 to 9; those that are left out are off. */
  readonly fans: readonly FanState[];
}

/** A power rail of an emulated bench at one instant. */
export interface RailState {
  readonly volts: number;
  readonly amps: number;
  /** The board measures power itself: volts times amps unless given. */
  readonly watts?: number;
}

/** A fan of an emulated bench at one instant. */
export interface FanState {
  readonly enabled: boolean;
  readonly dutyPercent: number;
  readonly rpm: number;
}

/** The bench at an instant of CLOCK_MONOTONIC (ns). Asked once for every sensor request. */
export type BenchModel = (timeNs: number) => BenchState;

/** A rail that delivers `watts` at `volts`. */
export function load(watts: number, volts: number): RailState {
  return { volts, amps: watts / volts, watts };
}

/** A PC at work, in round numbers. Two of the probes are not plugged in, as on most boards. */
const atWork: BenchState = {
  rails: {
    EPS1: load(60, 12),
    EPS2: load(30, 12),
    ATX3V: load(6.6, 3.3),
    ATX5V: load(10, 5),
    ATX5VSB: load(1, 5),
    ATX12V: load(24, 12),
    PCIE1: load(12, 12),
    HPWR1: load(180, 12),
  },
  celsius: { TS_1: 41.5, TS_2: 38, TS_HPWR1_IN: 46, TS_HPWR1_OUT: 48.5 },
  vinVolts: [
    12,
    5,
    3.3,
    12,
    undefined,
    1.8,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ],
  vddVolts: 3.3,
  vrefVolts: 1.8,
  chipCelsius: 38,
  ambientCelsius: 24.5,
  humidityPercent: 45,
  fanSwitch: 'auto',
  rgbSwitch: 'work',
  rgbExt: 'not_detected',
  fanExtDutyPercent: undefined,
  fans: [
    { enabled: true, dutyPercent: 45, rpm: 1180 },
    { enabled: true, dutyPercent: 60, rpm: 1500 },
  ],
};

/**
 * A bench where nothing ever changes, for tests that compare exact numbers: CPU 90 W, GPU 192 W, mainboard 41.6 W,
 * 323.6 W in all. `rails` and `celsius` are added to what is there, name by name; anything else replaces it.
 *
 * @example const bench = constantBench({ rails: { EPS1: { volts: 12, amps: 10 } } });
 */
export function constantBench(overrides: Partial<BenchState> = {}): BenchModel {
  const rails = { ...atWork.rails, ...overrides.rails };
  const state: BenchState = {
    ...atWork,
    ...overrides,
    rails: { ...wiresOf('HPWR1', rails), ...wiresOf('HPWR2', rails), ...rails },
    celsius: { ...atWork.celsius, ...overrides.celsius },
  };
  return () => state;
}

/** Each 12V-2x6 connector has six current-carrying pins; in a sound one they share the load evenly. */
const wiresPerConnector = 6;

/** What BENCHLAB 2 sees on the single wires of a connector, by rail name. */
export function wiresOf(connector: string, rails: Readonly<Record<string, RailState>>): Record<string, RailState> {
  const rail = rails[connector];
  const wires: Record<string, RailState> = {};
  if (!rail) return wires;
  const amps = rail.amps / wiresPerConnector;
  for (let wire = 1; wire <= wiresPerConnector; wire++) {
    wires[`${connector}_W${wire}`] = {
      volts: rail.volts,
      amps,
      watts: (rail.watts ?? rail.volts * rail.amps) / wiresPerConnector,
    };
  }
  return wires;
}
