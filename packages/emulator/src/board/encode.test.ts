import { createRequire } from 'node:module';
import { contractOf, type FirmwareContract, packStruct, type StructValues } from '@benchlab-otel/hw-receivers/protocol';
import { describe, expect, it } from 'vitest';
import { type BenchState, constantBench, type RailState } from '../bench/bench.ts';
import { encodeSensors } from './encode.ts';

type Normalised = Readonly<Record<string, unknown>> & {
  readonly rails: Record<string, RailState>;
  readonly ts_celsius: Record<string, number | null>;
  readonly vin_volts: readonly (number | null)[];
  readonly fans: readonly { enabled: boolean; duty_percent: number; rpm: number }[];
};
interface SensorVector {
  readonly id: string;
  readonly product_id: string;
  readonly firmware: number;
  readonly frame_hex: string;
  readonly expected_raw: Record<string, unknown>;
  readonly expected_normalised: Normalised;
}
interface Vectors {
  readonly sensor_vectors: readonly SensorVector[];
  readonly command_vectors: readonly { id: string; response_hex: string; expected: StructValues }[];
}
const vectors: Vectors = createRequire(import.meta.url)('../../../hw-receivers/data/benchlab-vectors.json');

function contractFor({ product_id, firmware }: SensorVector): FirmwareContract {
  return contractOf(Number(product_id), firmware) as FirmwareContract;
}

/** The two padding bytes of each power record carry nothing: compare without them. */
function withoutPadding(contract: FirmwareContract, frame: Uint8Array): string {
  const bytes = Buffer.from(frame);
  const power = contract.sensors.fields.find((field) => field.name === 'PowerReadings')!;
  for (let record = 0; record < power.count!; record++)
    bytes.fill(0, power.offset + record * 12 + 2, power.offset + record * 12 + 4);
  return bytes.toString('hex');
}

function stateOf(normalised: Normalised): BenchState {
  const optional = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  return {
    rails: normalised.rails,
    celsius: Object.fromEntries(Object.entries(normalised.ts_celsius).filter(([, value]) => value !== null)) as Record<
      string,
      number
    >,
    vinVolts: normalised.vin_volts.map(optional),
    vddVolts: Number(normalised.vdd_volts),
    vrefVolts: Number(normalised.vref_volts),
    chipCelsius: optional(normalised.chip_celsius),
    ambientCelsius: optional(normalised.ambient_celsius),
    humidityPercent: optional(normalised.humidity_percent),
    fanSwitch: normalised.fan_switch as BenchState['fanSwitch'],
    rgbSwitch: normalised.rgb_switch as BenchState['rgbSwitch'],
    rgbExt: normalised.rgb_ext as BenchState['rgbExt'],
    fanExtDutyPercent: optional(normalised.fan_ext_duty_percent),
    fans: normalised.fans.map((fan) => ({ enabled: fan.enabled, dutyPercent: fan.duty_percent, rpm: fan.rpm })),
  };
}

// Their normal form does not lead back: both zeros are absent, unknown switches are one word, enable is a claim.
const notInvertible = ['orig-all-zero', 'bl2-all-zero', 'orig-ambient-bus-failed', 'orig-max', 'orig-sign-boundary'];

describe('packStruct', () => {
  it.each(vectors.sensor_vectors.map((vector) => [vector.id, vector] as const))(
    'packs the raw values of %s',
    (_, vector) => {
      const contract = contractFor(vector);
      const { PowerReadings, Fans, FaultStatus = 0, FaultLog = 0, ...rest } = vector.expected_raw;
      const values = {
        ...rest,
        PowerReadings: (PowerReadings as number[][]).map(([Voltage, Current, Power]) => ({ Voltage, Current, Power })),
        Fans: (Fans as number[][]).map(([Enable, Duty, Tach]) => ({ Enable, Duty, Tach })),
        FaultStatus: BigInt(FaultStatus as string),
        FaultLog: BigInt(FaultLog as string),
      } as StructValues;
      const frame = packStruct(contract.sensors, contract.structs, values);
      expect(withoutPadding(contract, frame)).toBe(withoutPadding(contract, Buffer.from(vector.frame_hex, 'hex')));
    },
  );

  it('packs a calibration, which has structs in arrays', () => {
    const vector = vectors.command_vectors.find(({ id }) => id === 'read-calibration-original')!;
    const pairs = (value: unknown): unknown => {
      if (!Array.isArray(value)) return value;
      return value.every(Array.isArray) ? value.map(pairs) : { Offset: value[0], GainOffset: value[1] };
    };
    const values = Object.fromEntries(
      Object.entries(vector.expected).map(([name, value]) => [name, name === 'TsB' ? value : pairs(value)]),
    ) as StructValues;
    const { structs } = contractOf(0x10, 6) as FirmwareContract;
    const bytes = packStruct(structs.CalibrationStruct!, structs, values);
    expect(Buffer.from(bytes).toString('hex')).toBe(vector.response_hex);
  });
});

describe('encodeSensors', () => {
  it.each(
    vectors.sensor_vectors
      .filter(({ id }) => !notInvertible.includes(id))
      .map((vector) => [vector.id, vector] as const),
  )('leads back from the readings of %s to its frame', (_, vector) => {
    const contract = contractFor(vector);
    const { FaultStatus = 0, FaultLog = 0 } = vector.expected_raw;
    const faults = { live: BigInt(FaultStatus as string), latched: BigInt(FaultLog as string) };
    const frame = encodeSensors(contract, stateOf(vector.expected_normalised), faults);
    expect(withoutPadding(contract, frame)).toBe(withoutPadding(contract, Buffer.from(vector.frame_hex, 'hex')));
  });

  const original = contractOf(0x10, 2) as FirmwareContract;

  it('fills the padding of power records and nothing else', () => {
    const state = constantBench()(0);
    const frame = encodeSensors(original, state, undefined, 0xa5);
    expect([...frame.subarray(50, 52)]).toEqual([0xa5, 0xa5]);
    expect(withoutPadding(original, frame)).toBe(withoutPadding(original, encodeSensors(original, state)));
    expect(Buffer.from(frame).equals(encodeSensors(original, state))).toBe(false);
  });

  it('reports the chip in the unit of the firmware', () => {
    const state = constantBench({ chipCelsius: 38.4 })(0);
    const chip = (firmware: number): number => {
      const frame = encodeSensors(contractOf(0x10, firmware) as FirmwareContract, state);
      return Buffer.from(frame).readInt16LE(30);
    };
    expect([chip(2), chip(3)]).toEqual([38, 384]);
  });

  it('puts a marker where nothing is connected, and clamps a value to the range of its field', () => {
    const state = constantBench({ ambientCelsius: undefined, fanExtDutyPercent: undefined, vinVolts: [40], fans: [] })(
      0,
    );
    const frame = Buffer.from(encodeSensors(original, state));
    expect([frame.readInt16LE(40), frame[47], frame.readInt16LE(0), frame.readInt16LE(2)]).toEqual([
      0x7fff, 255, 0x7fff, 0x7fff,
    ]);
    expect(frame.subarray(180).every((byte) => byte === 0)).toBe(true);
  });
});
