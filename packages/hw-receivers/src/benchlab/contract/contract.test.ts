import { expect, test } from 'vitest';
import { boardIdentity, contractOf, contracts, faultBits, opcode } from './contract.ts';

test('ten firmware versions are published, each found by product and number', () => {
  expect(contracts.map(({ productId, firmware }) => `${productId.toString(16)}/${firmware}`)).toEqual([
    '10/2',
    '10/3',
    '10/4',
    '10/5',
    '10/6',
    '11/3',
    '11/4',
    '11/5',
    '11/6',
    '11/7',
  ]);
  for (const contract of contracts) expect(contractOf(contract.productId, contract.firmware)).toBe(contract);
  expect(contractOf(0x10, 1)).toBeUndefined();
  expect(contractOf(0x11, 2)).toBeUndefined();
  expect(contractOf(0x15, 6)).toBeUndefined();
});

test('the sensor reply, the welcome and the unit of the chip temperature follow the firmware', () => {
  const facts = contracts.map((c) => [
    c.variant,
    c.firmware,
    c.replyBytes.READ_SENSORS,
    c.replyBytes.WELCOME,
    c.chipCelsiusPerCount,
  ]);
  expect(facts).toEqual([
    ['original', 2, 216, 9, 1],
    ['original', 3, 216, 9, 0.1],
    ['original', 4, 216, 9, 0.1],
    ['original', 5, 216, 32, 0.1],
    ['original', 6, 216, 32, 0.1],
    ['bl2', 3, 368, 9, 1],
    ['bl2', 4, 368, 9, 0.1],
    ['bl2', 5, 384, 9, 0.1],
    ['bl2', 6, 384, 32, 0.1],
    ['bl2', 7, 384, 32, 0.1],
  ]);
});

test('a command without a size is not in the table, and is never requested', () => {
  expect(contractOf(0x10, 6)?.replyBytes).not.toHaveProperty('READ_FAULT');
  expect(contractOf(0x11, 7)?.replyBytes.READ_FAULT).toBe(128);
});

test('the calibration slots were swapped once', () => {
  expect(contracts.map((c) => c.calibrationSlots.factory)).toEqual([0, 1, 1, 1, 1, 0, 1, 1, 1, 1]);
});

test('a board has the generic USB id of ST and vendor 0xEE, and 34 faults have a bit', () => {
  expect(boardIdentity).toEqual({ usbVendor: '0483', usbProduct: '5740', vendorId: 0xee });
  expect(Object.values(faultBits).sort((a, b) => a - b)).toEqual(Array.from({ length: 34 }, (_, bit) => bit));
  expect(opcode.READ_VENDOR_DATA).toBe(0x0e);
});
