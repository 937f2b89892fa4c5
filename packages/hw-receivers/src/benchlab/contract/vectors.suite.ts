import { createRequire } from 'node:module';
import { contracts, type FirmwareContract } from './contract.ts';

/** The published test vectors, as the file has them. */
export interface SensorVector {
  readonly id: string;
  readonly product_id: string;
  readonly firmware: number;
  readonly frame_hex: string;
  readonly expected_raw: Readonly<Record<string, number | string | readonly (number | readonly number[])[]>>;
  readonly expected_normalised: NormalisedVector;
  readonly same_as?: string;
}

export interface NormalisedVector {
  readonly rails: Readonly<Record<string, { volts: number; amps: number; watts: number }>>;
  readonly vin_volts: readonly (number | null)[];
  readonly vdd_volts: number;
  readonly vref_volts: number;
  readonly chip_celsius: number | null;
  readonly ts_celsius: Readonly<Record<string, number | null>>;
  readonly ambient_celsius: number | null;
  readonly humidity_percent: number | null;
  readonly fan_switch: string;
  readonly rgb_switch: string;
  readonly rgb_ext: string;
  readonly fan_ext_duty_percent: number | null;
  readonly fans: readonly { enabled: boolean; duty_percent: number; rpm: number }[];
  readonly power_watts: Readonly<Record<'system' | 'cpu' | 'gpu' | 'motherboard', number>>;
  readonly faults_active?: readonly string[];
  readonly faults_latched?: readonly string[];
}

export interface CommandVector {
  readonly id: string;
  readonly request_hex: string;
  readonly response_hex: string;
  readonly expected: unknown;
}

interface Vectors {
  readonly sensor_vectors: readonly SensorVector[];
  readonly reject_vectors: readonly { id: string; product_id?: string; firmware?: number; frame_hex: string }[];
  readonly stream_vectors: readonly { id: string; stale_hex?: string; chunks_hex: readonly string[]; expect: string }[];
  readonly command_vectors: readonly CommandVector[];
}

export const vectors: Vectors = createRequire(import.meta.url)('../../../data/benchlab-vectors.json');

export function sensorVector(id: string): SensorVector {
  const vector = vectors.sensor_vectors.find((candidate) => candidate.id === id);
  if (!vector) throw new Error(`no vector ${id}`);
  return vector;
}

/** The contract a vector is for; ORIGINAL firmware 6 where it names none. */
export function contractFor(vector: { product_id?: string; firmware?: number }): FirmwareContract {
  const contract = contracts.find(
    (candidate) =>
      candidate.productId === Number(vector.product_id ?? '0x10') && candidate.firmware === (vector.firmware ?? 6),
  );
  if (!contract) throw new Error('a vector for an unpublished firmware');
  return contract;
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
