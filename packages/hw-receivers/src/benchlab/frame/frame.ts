import type { PowerRole } from '@benchlab-otel/core';
import type { FirmwareContract } from '../contract/contract.ts';
import { faultNames } from '../contract/fault.ts';
import { quantitiesOf } from '../contract/quantity.ts';
import { totaliser } from '../contract/rail.ts';
import { type FrameDecoder, frameDecoder } from './decode.ts';
import { normaliser } from './normalise.ts';

/** A whole sensor frame for people and files. Undefined where the board reports no value. */
export interface DecodedFrame {
  readonly rails: Readonly<Record<string, { readonly volts: number; readonly amps: number; readonly watts: number }>>;
  readonly powerWatts: Readonly<Record<PowerRole, number>>;
  /** By name: `VIN_0` … `VIN_12`, `VDD`, `VREF`. */
  readonly volts: Readonly<Record<string, number | undefined>>;
  /** By name: `CHIP`, `TS_1` …, `AMBIENT`. */
  readonly celsius: Readonly<Record<string, number | undefined>>;
  /** 0 to 1. */
  readonly humidity: number | undefined;
  readonly fans: Readonly<Record<string, { readonly isEnabled: boolean; readonly duty: number; readonly rpm: number }>>;
  /** Duty of the external PWM input, 0 to 1. */
  readonly externalDuty: number | undefined;
  readonly fanSwitch: 'auto' | '50%' | '100%' | 'unknown';
  readonly rgbSwitch: 'work' | 'play' | 'unknown';
  readonly rgbExternal: 'not_detected' | 'detected' | 'unknown';
  /** Names of the faults; undefined where the firmware reports none at all. */
  readonly faults: { readonly live: readonly string[]; readonly latched: readonly string[] } | undefined;
}

// Positions of the switches: firmware contract, FAN_SWITCH_STATUS, RGB_SWITCH_STATUS, RGB_EXT_STATUS.
const fanSwitches = ['auto', '50%', '100%'] as const;
const rgbSwitches = ['work', 'play'] as const;
const rgbExternals = ['not_detected', 'detected'] as const;

/**
 * Decodes one frame, to look at it. Code that reads many frames makes a `frameDecoder` once.
 *
 * @throws BenchlabError BAD_REPLY when the length is not that of the contract
 * @example decodeFrame(contract, bytes).rails.EPS1?.watts
 */
export function decodeFrame(contract: FirmwareContract, frame: Uint8Array): DecodedFrame {
  const decoder = frameDecoder(contract);
  const raw = new Int32Array(decoder.length);
  decoder.decode(new DataView(frame.buffer, frame.byteOffset, frame.byteLength), frame.byteLength, raw);
  const quantities = quantitiesOf(contract, decoder);
  const values = new Float64Array(quantities.length);
  normaliser(quantities)(raw, values);
  const of = (location: string, kind: string): number | undefined => {
    const value = values[quantities.findIndex((quantity) => quantity.location === location && quantity.kind === kind)];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  };
  const present = (location: string, kind: string): number => of(location, kind) ?? Number.NaN; // rails and fans have no marker
  const locations = (kind: string, isWanted: (location: string) => boolean): string[] =>
    quantities.filter((q) => q.kind === kind && isWanted(q.location)).map((quantity) => quantity.location);
  const table = <Value>(names: readonly string[], value: (name: string) => Value): Record<string, Value> =>
    Object.fromEntries(names.map((name) => [name, value(name)]));
  const count = (path: string): number => raw[decoder.slot(path) ?? -1] ?? -1;
  return {
    rails: table(contract.rails, (rail) => ({
      volts: present(rail, 'volts'),
      amps: present(rail, 'amps'),
      watts: present(rail, 'watts'),
    })),
    powerWatts: totaliser(contract.rails, powerSlots(contract, decoder))(raw),
    volts: table(
      locations('volts', (location) => !contract.rails.includes(location)),
      (name) => of(name, 'volts'),
    ),
    celsius: table(
      locations('celsius', () => true),
      (name) => of(name, 'celsius'),
    ),
    humidity: of('AMBIENT', 'humidity'),
    fans: table(
      locations('rpm', () => true),
      (fan) => ({
        isEnabled: of(fan, 'enabled') === 1,
        duty: present(fan, 'duty'),
        rpm: present(fan, 'rpm'),
      }),
    ),
    externalDuty: of('FAN_EXT', 'duty'),
    fanSwitch: fanSwitches[count('FanSwitchStatus')] ?? 'unknown',
    rgbSwitch: rgbSwitches[count('RGBSwitchStatus')] ?? 'unknown',
    rgbExternal: rgbExternals[count('RgbExtStatus')] ?? 'unknown',
    faults:
      decoder.slot('FaultStatus.low') === undefined
        ? undefined
        : {
            live: faultNames(count('FaultStatus.low'), count('FaultStatus.high')),
            latched: faultNames(count('FaultLog.low'), count('FaultLog.high')),
          },
  };
}

/** Where the power of each rail is in the raw integers, in the order of the contract's rails. */
export function powerSlots(contract: FirmwareContract, decoder: FrameDecoder): number[] {
  return contract.rails.map((_, index) => decoder.slot(`PowerReadings.${index}.Power`) ?? -1);
}
