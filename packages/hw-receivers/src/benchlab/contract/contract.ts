import { entries, list, numberAt, record, textAt } from './contractData.ts';
import contractData from './data/benchlab-contracts.json' with { type: 'json' };

/** The vendor's two products: BENCHLAB ORIGINAL and BENCHLAB 2. */
export type Variant = 'original' | 'bl2';

const commandNames = [
  'WELCOME',
  'READ_SENSORS',
  'ACTION',
  'READ_NAME',
  'WRITE_NAME',
  'READ_FAN_PROFILE',
  'WRITE_FAN_PROFILE',
  'READ_RGB',
  'WRITE_RGB',
  'READ_CALIBRATION',
  'WRITE_CALIBRATION',
  'LOAD_CALIBRATION',
  'STORE_CALIBRATION',
  'READ_UID',
  'READ_VENDOR_DATA',
  'READ_FAULT',
  'WRITE_FAULT',
  'LOAD_CONFIG',
  'STORE_CONFIG',
  'READ_DEFAULT_CONFIG',
  'STATUS',
  'FACTORY_CAL_UNLOCK',
  'RESET',
  'BOOTLOADER',
  'NOP',
] as const;

/** Commands by the vendor's names. */
export type CommandName = (typeof commandNames)[number];

/** One field of a struct: `type` is `i8` … `u64`, `char`, or the name of another struct of the same contract. */
export interface StructField {
  readonly name: string;
  readonly type: string;
  /** Bytes from the start of the struct. */
  readonly offset: number;
  /** Elements, where the field is an array. */
  readonly count?: number;
}

/** A C struct as it is in the firmware's memory, padding included. Little-endian. */
export interface StructLayout {
  /** Bytes, trailing padding included. */
  readonly size: number;
  readonly fields: readonly StructField[];
}

/** The wire format of one published firmware of one product. */
export interface FirmwareContract {
  /** Byte 1 of the vendor data: 0x10 BENCHLAB ORIGINAL, 0x11 BENCHLAB 2. */
  readonly productId: number;
  readonly product: string;
  readonly variant: Variant;
  readonly firmware: number;
  readonly status: 'released' | 'draft';
  /** Reply length in bytes. A command that is not listed has no reply or does not exist. It is never requested. */
  readonly replyBytes: Readonly<Partial<Record<CommandName, number>>>;
  /** Names of `PowerReadings`, in order. */
  readonly rails: readonly string[];
  /** Names of `Ts`, in order. */
  readonly temperatures: readonly string[];
  /** Degrees Celsius in one count of `Tchip`. */
  readonly chipCelsiusPerCount: 1 | 0.1;
  /** The sensor reply: `SensorStruct`. */
  readonly sensors: StructLayout;
  /** Every struct of this firmware by name, those that `sensors` is made of included. */
  readonly structs: Readonly<Record<string, StructLayout>>;
  /** Slot numbers of the calibration. They were swapped once, so this package never loads or stores a slot. */
  readonly calibrationSlots: { readonly factory: number; readonly user: number };
}

// Every number below comes from the vendor's frozen firmware contracts (benchlab-pycore 0.8.0, MIT), kept as data.
const root = record(contractData, 'contracts');
const identity = record(root.identity, 'identity');

/** How a board identifies itself: USB ids as in sysfs, and byte 0 of the vendor data. */
export const boardIdentity: { readonly usbVendor: string; readonly usbProduct: string; readonly vendorId: number } = {
  usbVendor: textAt(identity, 'usb_vendor'),
  usbProduct: textAt(identity, 'usb_product'),
  vendorId: numberAt(identity, 'vendor_id'),
};

/** First byte of a request, by command. */
export const opcode: Readonly<Record<CommandName, number>> = readOpcodes();

/** Bit of each fault in the two fault words, by the contract's name: `FAULT_OTP_TCHIP` is bit 0. */
export const faultBits: Readonly<Record<string, number>> = readFaultBits();

/** Every published firmware, in the vendor's order. */
export const contracts: readonly FirmwareContract[] = list(root.firmware, 'firmware').map(readContract);

/** The contract of a product and firmware, as the vendor data of a board names them. */
export function contractOf(productId: number, firmware: number): FirmwareContract | undefined {
  return contracts.find((contract) => contract.productId === productId && contract.firmware === firmware);
}

function readOpcodes(): Record<CommandName, number> {
  const published = record(root.opcodes, 'opcodes');
  const named = commandNames.map((name) => [name, numberAt(record(published[name], name), 'opcode')]);
  return Object.fromEntries(named) as Record<CommandName, number>; // one entry for every name of the list above
}

function readFaultBits(): Record<string, number> {
  const enums = record(root.enums, 'enums');
  const faults = record(enums.FAULT, 'FAULT');
  // FAULT_NUM is the count of the enum, not a fault.
  return Object.fromEntries(
    Object.keys(faults)
      .filter((name) => name !== 'FAULT_NUM')
      .map((name) => [name, numberAt(faults, name)]),
  );
}

function readContract(entry: unknown): FirmwareContract {
  const from = record(entry, 'firmware');
  const productId = numberAt(from, 'product_id');
  const variant = variantOf(productId);
  const structs = Object.fromEntries(
    entries(from.structs, 'structs').map(([name, layout]) => [name, readLayout(String(layout))]),
  );
  const sensors = structs.SensorStruct;
  if (!sensors) throw new TypeError(`contract of product ${productId} has no SensorStruct`);
  const slots = record(from.cal_slot, 'cal_slot');
  return {
    productId,
    product: textAt(from, 'product'),
    variant,
    firmware: numberAt(from, 'firmware'),
    status: textAt(from, 'status') === 'draft' ? 'draft' : 'released',
    replyBytes: readReplyBytes(from.reply_bytes),
    rails: list(record(root.rails, 'rails')[variant], 'rails').map(String),
    temperatures: list(record(root.temperatures, 'temperatures')[variant], 'temperatures').map(String),
    chipCelsiusPerCount: textAt(from, 'chip_temperature_unit') === 'celsius' ? 1 : 0.1,
    sensors,
    structs,
    calibrationSlots: { factory: numberAt(slots, 'factory'), user: numberAt(slots, 'user') },
  };
}

function variantOf(productId: number): Variant {
  const products = record(identity.products, 'products');
  if (productId === products['BENCHLAB ORIGINAL']) return 'original';
  if (productId === products['BENCHLAB 2']) return 'bl2';
  throw new TypeError(`contract names product ${productId}, which has no rails`);
}

/** A size of null means: the command does not work on this firmware. It stays out of the table. */
function readReplyBytes(from: unknown): Partial<Record<CommandName, number>> {
  const sizes = record(from, 'reply_bytes');
  return Object.fromEntries(commandNames.filter((name) => sizes[name] != null).map((n) => [n, numberAt(sizes, n)]));
}

function readLayout(name: string): StructLayout {
  const layout = record(record(root.layouts, 'layouts')[name], name);
  return { size: numberAt(layout, 'size'), fields: list(layout.fields, name).map(readField) };
}

function readField(entry: unknown): StructField {
  const from = record(entry, 'field');
  const field = { name: textAt(from, 'name'), type: textAt(from, 'type'), offset: numberAt(from, 'offset') };
  return from.count === undefined ? field : { ...field, count: numberAt(from, 'count') };
}
