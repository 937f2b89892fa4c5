import type { FirmwareContract } from '@benchlab-otel/hw-receivers/protocol';
import { packStruct, type StructValues } from '@benchlab-otel/hw-receivers/protocol';
import type { BenchState, FanState, RailState } from '../bench/bench.ts';

/** The two fault words of a BENCHLAB 2: a bit for each fault. */
export interface FaultWords {
  /** What is wrong now. */
  readonly live: bigint;
  /** What has been wrong since the board was switched on. */
  readonly latched: bigint;
}

/** "Nothing connected", in every 16-bit sensor that has such a marker (vendor's library). */
const absentCount = 0x7fff;
/** "No external PWM signal" (vendor's library). */
const noExternalDuty = 255;
const vinInputs = 13; // SENSOR_VIN_NUM of every contract

// Enumerations of the contracts: FAN_SWITCH_STATUS, RGB_SWITCH_STATUS, RGB_EXT_STATUS.
const fanSwitch: Record<BenchState['fanSwitch'], number> = { auto: 0, '50%': 1, '100%': 2 };
const rgbSwitch: Record<BenchState['rgbSwitch'], number> = { work: 0, play: 1 };
const rgbExt: Record<BenchState['rgbExt'], number> = { not_detected: 0, detected: 1 };

/**
 * The sensor reply of a board: the inverse of decoding it. Only the contract decides about layout and scales; what the
 * product does not have (wires, fault words) is left out. `padding` is the byte between the fields of a power record.
 */
export function encodeSensors(
  contract: FirmwareContract,
  state: BenchState,
  faults: FaultWords = { live: 0n, latched: 0n },
  padding = 0,
): Uint8Array {
  const values: StructValues = {
    Vin: Array.from({ length: vinInputs }, (_, input) => counts(state.vinVolts[input], 1000)),
    Vdd: milli(state.vddVolts),
    Vref: milli(state.vrefVolts),
    Tchip: counts(state.chipCelsius, contract.chipCelsiusPerCount === 1 ? 1 : 10),
    Ts: contract.temperatures.map((name) => counts(state.celsius[name], 10)),
    Tamb: counts(state.ambientCelsius, 10),
    Hum: counts(state.humidityPercent, 10),
    FanSwitchStatus: fanSwitch[state.fanSwitch],
    RGBSwitchStatus: rgbSwitch[state.rgbSwitch],
    RgbExtStatus: rgbExt[state.rgbExt],
    FanExtDuty: state.fanExtDutyPercent ?? noExternalDuty,
    PowerReadings: contract.rails.map((name) => powerRecord(state.rails[name])),
    Fans: state.fans.map(fanRecord),
    FaultStatus: faults.live,
    FaultLog: faults.latched,
  };
  return packStruct(contract.sensors, contract.structs, values, padding);
}

function powerRecord(rail: RailState = { volts: 0, amps: 0 }): StructValues {
  return { Voltage: milli(rail.volts), Current: milli(rail.amps), Power: milli(rail.watts ?? rail.volts * rail.amps) };
}

function fanRecord(fan: FanState): StructValues {
  return { Enable: fan.enabled ? 1 : 0, Duty: fan.dutyPercent, Tach: fan.rpm };
}

function milli(value: number): number {
  return value * 1000;
}

function counts(value: number | undefined, perUnit: number): number {
  return value === undefined ? absentCount : value * perUnit;
}
