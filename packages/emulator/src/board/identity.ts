import { contracts, type FirmwareContract, type Variant } from '@benchlab-otel/hw-receivers/protocol';

/** The contract to follow, by default that of the newest firmware. Throws a RangeError that lists the published ones. */
export function publishedContract(variant: Variant, firmware: number | undefined): FirmwareContract {
  const published = contracts.filter((contract) => contract.variant === variant);
  if (published.length === 0) throw new TypeError(`product: there is no ${variant}, only original and bl2.`);
  const versions = published.map((contract) => contract.firmware);
  const wanted = firmware ?? Math.max(...versions);
  const found = published.find((contract) => contract.firmware === wanted);
  if (!found)
    throw new RangeError(`firmware: ${wanted} of ${variant} is not published. There are ${versions.join(', ')}.`);
  return found;
}

/** 12 bytes that begin with "SIM": from there on nobody can take the board for a real one. */
export function simulatedUid(contract: FirmwareContract, serial: number): Uint8Array {
  if (!Number.isInteger(serial) || serial < 0 || serial > 0xffffffff) {
    throw new RangeError(`serial: a whole number from 0 to 4294967295, not ${serial}.`);
  }
  const uid = new Uint8Array(12);
  uid.set([0x53, 0x49, 0x4d, contract.productId]);
  new DataView(uid.buffer).setUint32(8, serial);
  return uid;
}
