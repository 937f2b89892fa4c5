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

/** 12 bytes that begin with "SIM": every reader can see that the board is not a real one. */
export function simulatedUid(contract: FirmwareContract, serial: number): Uint8Array {
  numberOption('serial', serial, { least: 0, most: 0xffffffff, isWhole: true });
  const uid = new Uint8Array(12);
  uid.set([0x53, 0x49, 0x4d, contract.productId]);
  new DataView(uid.buffer).setUint32(8, serial);
  return uid;
}
