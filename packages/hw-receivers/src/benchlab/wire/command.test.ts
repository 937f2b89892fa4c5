import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as publicApi from '../../index.ts';
import { contractOf, type FirmwareContract, opcode } from '../contract/contract.ts';
import { type CommandVector, fromHex, vectors } from '../contract/vectors.suite.ts';
import { request, type SettingsRead, settingsRequest } from './command.ts';
import { decodeName, decodeUid, decodeVendorData, decodeWelcome } from './reply.ts';

function vector(id: string): CommandVector {
  const found = vectors.command_vectors.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no vector ${id}`);
  return found;
}

function hexOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex');
}

/** Any struct of the contract, as the vectors spell it: arrays and structs within it as lists. */
function decodeStruct(contract: FirmwareContract, name: string, bytes: Uint8Array): Record<string, unknown> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scalar = (type: string, offset: number): unknown => {
    if (type === 'u8') return view.getUint8(offset);
    if (type === 'i16') return view.getInt16(offset, true);
    if (type === 'u16') return view.getUint16(offset, true);
    return (contract.structs[type]?.fields ?? []).map((field) => scalar(field.type, offset + field.offset));
  };
  const sizeOf = (type: string) => contract.structs[type]?.size ?? Number(type.slice(1)) / 8;
  return Object.fromEntries(
    (contract.structs[name]?.fields ?? []).map(({ name: field, type, offset, count }) => [
      field,
      count === undefined
        ? scalar(type, offset)
        : Array.from({ length: count }, (_, index) => scalar(type, offset + index * sizeOf(type))),
    ]),
  );
}

test.each(['welcome-9', 'welcome-32', 'welcome-unsolicited'])('%s is a welcome of BENCHLAB', (id) => {
  const { request_hex, response_hex, expected } = vector(id);
  expect(decodeWelcome(fromHex(response_hex))).toBe(expected);
  if (request_hex) expect(hexOf(request.WELCOME)).toBe(request_hex);
});

test.each(['vendor-original', 'vendor-bl2', 'vendor-unknown-pmd2', 'vendor-bl2-fw04', 'vendor-bl2-future'])(
  '%s names vendor, product and firmware, and so the length of a frame',
  (id) => {
    const { request_hex, response_hex, expected } = vector(id);
    const { vendor_id, product_id, firmware, variant, sensor_frame_len } = expected as Record<string, unknown>;
    expect(hexOf(request.READ_VENDOR_DATA)).toBe(request_hex);
    const vendor = decodeVendorData(fromHex(response_hex));
    expect(vendor).toEqual({ vendorId: vendor_id, productId: product_id, firmware });
    const contract = contractOf(vendor.productId, vendor.firmware);
    expect(contract?.sensors.size).toBe(sensor_frame_len ?? undefined);
    if (contract) expect(contract.variant).toBe(variant);
  },
);

test('the UID is upper-case hexadecimal of its bytes in order', () => {
  const { request_hex, response_hex, expected } = vector('uid');
  expect(hexOf(request.READ_UID)).toBe(request_hex);
  expect(decodeUid(fromHex(response_hex))).toBe(expected);
});

test('the name ends at the first NUL', () => {
  const { request_hex, response_hex, expected } = vector('name');
  expect(hexOf(request.READ_NAME)).toBe(request_hex);
  expect(decodeName(fromHex(response_hex))).toBe(expected);
  expect(decodeName(fromHex(`${hexOf(new TextEncoder().encode('rig'))}00deadbeef`))).toBe('rig');
});

test.each([
  ['read-fan-profile-0-fan-2', 'FanConfigStruct', [opcode.READ_FAN_PROFILE, 0, 2]],
  ['read-rgb-0', 'RGBConfigStruct', [opcode.READ_RGB, 0]],
  ['read-calibration-original', 'CalibrationStruct', [opcode.READ_CALIBRATION]],
] as const)('%s: the contract describes request and reply', (id, struct, bytes) => {
  const { request_hex, response_hex, expected } = vector(id);
  const contract = contractOf(0x10, 6);
  if (!contract) throw new Error('no contract');
  expect(hexOf(Uint8Array.from(bytes))).toBe(request_hex);
  expect(fromHex(response_hex)).toHaveLength(contract.structs[struct]?.size ?? -1);
  expect(decodeStruct(contract, struct, fromHex(response_hex))).toEqual(expected);
});

test('the opcodes that are never sent from here are those of the vectors too', () => {
  const name = Buffer.alloc(32);
  name.write('rig A');
  expect(hexOf(Uint8Array.of(opcode.WRITE_NAME, ...name)).slice(0, 64)).toBe(
    vector('write-name').request_hex.slice(0, 64),
  );
  // 0x01 button, 0 power, p2 and p3 as in the vector.
  expect(hexOf(Uint8Array.of(opcode.ACTION, 1, 0, 1, 2))).toBe(vector('action-button-power-200ms').request_hex);
  expect(hexOf(Uint8Array.of(opcode.STATUS))).toBe(vector('status-ok').request_hex);
  expect(contractOf(0x11, 7)?.replyBytes.STATUS).toBe(1);
});

/** Every source of the package except tests, suites and the opt-in entry for writes. */
function sources(): { readonly name: string; readonly text: string }[] {
  const folder = new URL('../../', import.meta.url);
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts') && !/\.(test|suite)\.ts$|^writes\//.test(name))
    .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
}

const usersOf = (pattern: RegExp) => sources().flatMap(({ name, text }) => (pattern.test(text) ? [name] : []));

test('a receiver sends five requests of one byte each, and settings are read only on request of a caller', () => {
  expect(Object.values(request).map(hexOf).sort()).toEqual(['00', '01', '03', '0d', '0e']);
  // One way to the line, two functions that use it, and one caller of the one with arguments.
  expect(usersOf(/transport\.write\(/i)).toEqual(['benchlab/wire/exchange.ts']);
  expect(usersOf(/\.askRequest\(/).sort()).toEqual(['benchlab/device/settings.ts', 'benchlab/wire/exchange.ts']);
  expect(usersOf(/exchange\.send\(/)).toEqual([]);
  expect(usersOf(/writes\//).filter((name) => !/command|exchange/.test(name))).toEqual([]);
  expect(usersOf(/readSettings\(|boardSettings\(/).sort()).toEqual([
    'benchlab/device/boardSettings.ts',
    'benchlab/device/settings.ts',
  ]);
});

test('the requests for settings are reads of the contract', () => {
  const commands: SettingsRead[] = [
    'READ_FAN_PROFILE',
    'READ_RGB',
    'READ_CALIBRATION',
    'READ_FAULT',
    'READ_DEFAULT_CONFIG',
    'STATUS',
  ];
  expect(commands.map((command) => hexOf(settingsRequest(command).bytes))).toEqual([
    '05',
    '07',
    '09',
    '0f',
    '13',
    '14',
  ]);
  expect(hexOf(settingsRequest('READ_FAN_PROFILE', 2, 8).bytes)).toBe('050208');
});

test('nothing that writes to a board or acts on it is exported', () => {
  expect(
    Object.keys(publicApi).filter((name) => /write|action|store|reset|calibrat|transport|exchange/i.test(name)),
  ).toEqual([]);
});
