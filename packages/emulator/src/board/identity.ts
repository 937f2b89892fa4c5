import { numberOption, OptionError, wordOption } from '@benchlab-otel/core';
import { contracts, type FirmwareContract, type Variant } from '@benchlab-otel/hw-receivers/protocol';

/**
 * The contract to follow, by default that of the newest firmware.
 *
 * @throws OptionError that lists the products, or the published firmwares of the product
 */
export function publishedContract(variant: Variant, firmware: number | undefined): FirmwareContract {
  wordOption('product', variant, ['original', 'bl2']);
  const published = contracts.filter((contract) => contract.variant === variant);
  const versions = published.map((contract) => contract.firmware);
  const wanted = firmware ?? Math.max(...versions);
  const found = published.find((contract) => contract.firmware === wanted);
  if (found !== undefined) return found;
  const allowed = `a published firmware of ${variant}: one of ${versions.join(', ')}`;
  throw new OptionError({ option: 'firmware', value: wanted, allowed });
}

/** What the power of an emulated bench stands for: its mean since the read before, or the instant of the read. */
export type EmulatedAperture = 'mean' | 'instant';

const apertures: readonly EmulatedAperture[] = ['mean', 'instant'];

/**
 * 12 bytes that begin with "SIM": every reader can see that the board is not a real one. The product follows, and what
 * its power stands for, which no reply of a board states.
 */
export function simulatedUid(contract: FirmwareContract, serial: number, aperture: EmulatedAperture): Uint8Array {
  numberOption('serial', serial, { least: 0, most: 0xffffffff, isWhole: true });
  wordOption('aperture', aperture, apertures);
  const uid = new Uint8Array(12);
  uid.set([0x53, 0x49, 0x4d, contract.productId, apertures.indexOf(aperture)]);
  new DataView(uid.buffer).setUint32(8, serial);
  return uid;
}
