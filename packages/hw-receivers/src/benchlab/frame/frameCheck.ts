import { BenchlabError } from '@benchlab-otel/core';
import type { FirmwareContract } from '../contract/contract.ts';
import type { FrameDecoder } from './decode.ts';
import { voltBounds } from './plausible.ts';

/**
 * Checks that decoded integers can be a frame at all.
 *
 * @throws BenchlabError BAD_REPLY that names the contradiction
 */
export type FrameCheck = (raw: Int32Array) => void;

// A frame has neither a marker nor a checksum, so only its values show that bytes are not a frame or start at the wrong
// place. Single sensors may be broken, so measured values are judged by the share of impossible ones.

/** Values of FAN_SWITCH_STATUS, RGB_SWITCH_STATUS and RGB_EXT_STATUS: the contract of a firmware names all there are. */
const enumerations = { FanSwitchStatus: 3, RGBSwitchStatus: 2, RgbExtStatus: 2 } as const;
/** In mW. A 12V-2x6 connector is rated 600 W; excursions reach three times that (PCIe CEM 5.0). Nothing here reaches 2 kW. */
const mostMilliwatts = 2_000_000;
/**
 * How far the power of a rail may be from its volts times its amps: a tenth, or 2 W. All three are rounded to a thousandth,
 * which is far less; the rest is for values that a board averages over different times while the load changes.
 */
const powerTolerance = { share: 0.1, milliwatts: 2000 } as const;
/** Rails that may contradict themselves: 2 of the 11 of BENCHLAB ORIGINAL, 5 of the 23 of BENCHLAB 2. */
const mostContradicting = 0.25;

export function frameCheck(contract: FirmwareContract, decoder: FrameDecoder): FrameCheck {
  const slotOf = (path: string) => decoder.slot(path) ?? -1;
  const states = Object.entries(enumerations).map(([name, count]) => ({ name, count, slot: slotOf(name) }));
  const rails = contract.rails.map((name, index) => ({
    name,
    bounds: voltBounds(name),
    volts: slotOf(`PowerReadings.${index}.Voltage`),
    amps: slotOf(`PowerReadings.${index}.Current`),
    watts: slotOf(`PowerReadings.${index}.Power`),
  }));
  const limit = Math.floor(rails.length * mostContradicting);
  return (raw) => {
    for (const { name, count, slot } of states) {
      const value = raw[slot] ?? 0;
      if (value >= count) throw notAFrame(`${name} is ${value}, where only 0 to ${count - 1} exist`);
    }
    let contradicting = 0;
    for (const { name, bounds, ...slots } of rails) {
      const [volts, amps, watts] = [raw[slots.volts] ?? 0, raw[slots.amps] ?? 0, raw[slots.watts] ?? 0];
      // One is enough: it would be counted as joules.
      if (Math.abs(watts) > mostMilliwatts) throw notAFrame(`${name} carries ${Math.round(watts / 1000)} W`);
      const canBe = volts / 1000 >= bounds[0] && volts / 1000 <= bounds[1] && agree(watts, (volts * amps) / 1000);
      if (!canBe) contradicting++;
    }
    if (contradicting > limit) throw notAFrame(`${contradicting} of ${rails.length} rails contradict themselves`);
  };
}

function agree(milliwatts: number, product: number): boolean {
  const { share, milliwatts: least } = powerTolerance;
  return Math.abs(milliwatts - product) <= Math.max(share * Math.abs(milliwatts), least);
}

export function notAFrame(why: string): BenchlabError {
  const fix = 'If this happens often, check the cable and the firmware number.';
  return new BenchlabError('BAD_REPLY', `The received bytes are not a frame: ${why}.`, fix);
}
