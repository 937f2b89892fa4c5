import { nvmlCode } from './codes.ts';
import type { NvmlCall } from './functions.ts';

// Sizes and offsets of the structures of nvml.h (NVML API 13), as a C compiler lays them out on 64-bit Linux. The
// version of a structure is its size and its number: size | number << 24.

type Values = Record<string, number>;
const isLittleEndian = true;

const memoryV2 = { bytes: 40, version: 0x02000028, total: 8, used: 32 };
const memoryView = new DataView(new ArrayBuffer(memoryV2.bytes));
const memoryBytes = new Uint8Array(memoryView.buffer);

/** nvmlMemory_v2_t: used memory excludes what the driver has reserved. */
export function readMemoryV2(call: NvmlCall, device: bigint, values: Values): number {
  memoryView.setUint32(0, memoryV2.version, isLittleEndian);
  const code = call('nvmlDeviceGetMemoryInfo_v2', device, memoryBytes);
  if (code !== nvmlCode.success) return code;
  values.memoryTotal = Number(memoryView.getBigUint64(memoryV2.total, isLittleEndian));
  values.memoryUsed = Number(memoryView.getBigUint64(memoryV2.used, isLittleEndian));
  return code;
}

const memoryV1 = new BigUint64Array(3);

/** nvmlMemory_t: total, free, used; used memory includes what the driver has reserved. */
export function readMemory(call: NvmlCall, device: bigint, values: Values): number {
  const code = call('nvmlDeviceGetMemoryInfo', device, memoryV1);
  if (code !== nvmlCode.success) return code;
  values.memoryTotal = Number(memoryV1[0]);
  values.memoryUsed = Number(memoryV1[2]);
  return code;
}

const twelveBytes = 0x0100000c;
const smallView = new DataView(new ArrayBuffer(12));
const smallBytes = new Uint8Array(smallView.buffer);

/** nvmlTemperature_v1_t: version, sensor (0 is the GPU), degrees. */
export function readTemperatureV(call: NvmlCall, device: bigint, values: Values): number {
  smallView.setUint32(0, twelveBytes, isLittleEndian);
  smallView.setUint32(4, 0, isLittleEndian);
  const code = call('nvmlDeviceGetTemperatureV', device, smallBytes);
  if (code === nvmlCode.success) values.temperature = smallView.getInt32(8, isLittleEndian);
  return code;
}

/** nvmlFanSpeedInfo_v1_t: version, fan, revolutions a minute. Boards without it have a share of the maximum only. */
export function readRpm(call: NvmlCall, device: bigint, fan: number, values: Values): void {
  smallView.setUint32(0, twelveBytes, isLittleEndian);
  smallView.setUint32(4, fan, isLittleEndian);
  const code = call('nvmlDeviceGetFanSpeedRPM', device, smallBytes);
  if (code === nvmlCode.success) values[`fan${fan}Rpm`] = smallView.getUint32(8, isLittleEndian);
}

const field = { bytes: 40, valueType: 24, code: 28, value: 32 };
// NVML_FI_DEV_MEMORY_TEMP and NVML_FI_DEV_POWER_INSTANT.
const fields = [
  { id: 82, name: 'memoryTemperature' },
  { id: 186, name: 'powerInstantMilliwatts' },
];
const fieldView = new DataView(new ArrayBuffer(field.bytes * fields.length));
const fieldBytes = new Uint8Array(fieldView.buffer);

/** nvmlFieldValue_t: several values in one call, each with its own code. */
export function readFields(call: NvmlCall, device: bigint, values: Values): number {
  fieldBytes.fill(0);
  fields.forEach(({ id }, index) => {
    fieldView.setUint32(index * field.bytes, id, isLittleEndian);
  });
  const code = call('nvmlDeviceGetFieldValues', device, fields.length, fieldBytes);
  if (code !== nvmlCode.success) return code;
  fields.forEach(({ name }, index) => {
    const at = index * field.bytes;
    if (fieldView.getUint32(at + field.code, isLittleEndian) !== nvmlCode.success) return;
    const value = fieldValue(fieldView.getUint32(at + field.valueType, isLittleEndian), at + field.value);
    if (value !== undefined) values[name] = value;
  });
  return code;
}

/** nvmlValueType_t. */
function fieldValue(type: number, at: number): number | undefined {
  const readers: readonly (() => number)[] = [
    () => fieldView.getFloat64(at, isLittleEndian),
    () => fieldView.getUint32(at, isLittleEndian),
    () => Number(fieldView.getBigUint64(at, isLittleEndian)),
    () => Number(fieldView.getBigUint64(at, isLittleEndian)),
    () => Number(fieldView.getBigInt64(at, isLittleEndian)),
    () => fieldView.getInt32(at, isLittleEndian),
    () => fieldView.getUint16(at, isLittleEndian),
  ];
  return readers[type]?.();
}

const pciInfo = { bytes: 68, busId: 36 };
const pciBytes = new Uint8Array(pciInfo.bytes);

/** nvmlPciInfo_t: the bus id as text, `00000000:01:00.0`. */
export function readPciBusId(call: NvmlCall, device: bigint): string | undefined {
  const code = call('nvmlDeviceGetPciInfo_v3', device, pciBytes);
  return code === nvmlCode.success ? text(pciBytes.subarray(pciInfo.busId)) : undefined;
}

/** The text before the first zero byte, if it is printable. */
export function text(bytes: Uint8Array): string | undefined {
  const end = bytes.indexOf(0);
  const value = Buffer.from(bytes.subarray(0, end === -1 ? bytes.length : end))
    .toString('latin1')
    .trim();
  return /^[\x20-\x7e]+$/.test(value) ? value : undefined;
}
