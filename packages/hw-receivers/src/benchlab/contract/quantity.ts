import type { FrameDecoder } from '../frame/decode.ts';
import type { FirmwareContract } from './contract.ts';

/** What a value is, in the unit that its metric has. `ratio` and `duty`: 0 to 1. */
type QuantityKind = 'volts' | 'amps' | 'watts' | 'celsius' | 'humidity' | 'rpm' | 'duty' | 'enabled';

/** One value of a frame: where its count is and what one count means. */
export interface Quantity {
  /** `EPS1`, `VIN_0`, `TS_HPWR1_IN`, `CHIP`, `AMBIENT`, `FAN_1`. */
  readonly location: string;
  readonly kind: QuantityKind;
  /** Index into the raw integers. */
  readonly slot: number;
  /** Counts in one SI unit. */
  readonly countsPerUnit: number;
  /** The count that means "not connected". */
  readonly missing?: number;
}

// Scales and markers: firmware contract (structs) and the vendor's decoder, benchlab-pycore 0.8.0.
const milli = 1000;
const deci = 10;
const percent = 100;
const notConnected = 0x7fff;
const noExternalPwm = 255;

/** Every value that a frame of this contract carries, in a fixed order. */
export function quantitiesOf(contract: FirmwareContract, decoder: FrameDecoder): Quantity[] {
  const at = (location: string, kind: QuantityKind, path: string, countsPerUnit: number, missing?: number) => {
    const slot = decoder.slot(path);
    if (slot === undefined) return [];
    const quantity = { location, kind, slot, countsPerUnit };
    return [missing === undefined ? quantity : { ...quantity, missing }];
  };
  const chipCounts = contract.chipCelsiusPerCount === 1 ? 1 : deci;
  return [
    ...contract.rails.flatMap((rail, index) => [
      ...at(rail, 'watts', `PowerReadings.${index}.Power`, milli),
      ...at(rail, 'volts', `PowerReadings.${index}.Voltage`, milli),
      ...at(rail, 'amps', `PowerReadings.${index}.Current`, milli),
    ]),
    ...counted(contract, 'Vin').flatMap((n) => at(`VIN_${n}`, 'volts', `Vin.${n}`, milli, notConnected)),
    ...at('VDD', 'volts', 'Vdd', milli),
    ...at('VREF', 'volts', 'Vref', milli),
    ...at('CHIP', 'celsius', 'Tchip', chipCounts, notConnected),
    ...contract.temperatures.flatMap((name, index) => at(name, 'celsius', `Ts.${index}`, deci, notConnected)),
    ...at('AMBIENT', 'celsius', 'Tamb', deci, notConnected),
    ...at('AMBIENT', 'humidity', 'Hum', deci * percent, notConnected),
    ...counted(contract, 'Fans').flatMap((n) => [
      ...at(`FAN_${n + 1}`, 'rpm', `Fans.${n}.Tach`, 1),
      ...at(`FAN_${n + 1}`, 'duty', `Fans.${n}.Duty`, percent),
      ...at(`FAN_${n + 1}`, 'enabled', `Fans.${n}.Enable`, 1),
    ]),
    ...at('FAN_EXT', 'duty', 'FanExtDuty', percent, noExternalPwm),
  ];
}

function counted(contract: FirmwareContract, name: string): number[] {
  const field = contract.sensors.fields.find((candidate) => candidate.name === name);
  return Array.from({ length: field?.count ?? 0 }, (_, index) => index);
}
