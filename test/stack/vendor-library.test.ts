import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type BenchState, constantBench, emulateBoard } from '@benchlab-otel/emulator';
import { contracts, type FirmwareContract } from '@benchlab-otel/hw-receivers/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameDecoder } from '../../packages/hw-receivers/src/benchlab/frame/decode.ts';
import { type DecodedFrame, decodeFrame } from '../../packages/hw-receivers/src/benchlab/frame/frame.ts';
import { installed } from './process.ts';

// The emulator and the decoder are both ours, and could agree on the same mistake. The vendor's own library
// (benchlab-pycore on PyPI) is a client by other authors. It reads every emulated board, and decodes every frame.

const driver = fileURLToPath(new URL('./vendor_library.py', import.meta.url));

const framesOnLine = 20;
const randomFrames = 1000;
const markerValue = 0x7fff;

/** Keys as the vendor names them: `EPS1_Power`, `VIN_0`, `TS_1`, `Fan1_RPM`. */
type Values = Readonly<Record<string, number | null | undefined>>;
interface VendorFrame {
  readonly raw: Readonly<Record<string, number | string>>;
  readonly values: Values;
}

/** Where we mean to differ from the vendor, and nowhere else. */
const allowedDifferences: Record<
  string,
  (key: string, ours: Values[string], vendor: Values[string], frame: VendorFrame) => boolean
> = {
  'a temperature beyond 100 degC is kept: a hot connector is the reading that matters most': (key, ours, vendor) =>
    isTemperature(key) && vendor === null && typeof ours === 'number' && Math.abs(ours) > 100,
  'ambient temperature and humidity that are both zero are a failed sensor': (key, ours, vendor, { raw }) =>
    ['Ambient_Temp', 'Humidity'].includes(key) && ours === undefined && vendor === 0 && raw.Tamb === 0 && raw.Hum === 0,
  'a humidity of 0x7FFF is the marker of an absent sensor, not 3276.7 %': (key, ours, vendor, { raw }) =>
    key === 'Humidity' && ours === undefined && vendor === 3276.7 && raw.Hum === markerValue,
  'a fan is enabled or not, for every byte': (key, ours, vendor) =>
    /^Fan\d_Status$/.test(key) && ours === 1 && typeof vendor === 'number' && vendor > 1,
};

function isTemperature(key: string): boolean {
  return key.startsWith('TS_') || key.endsWith('_Temp');
}

/** Our decoded frame under the vendor's keys and in the vendor's units (percent where we have ratios). */
function underVendorKeys(frame: DecodedFrame): Values {
  const { rails, powerWatts, volts, celsius, humidity, fans, externalDuty } = frame;
  const { CHIP, AMBIENT, ...probes } = celsius;
  const { VDD, VREF, ...inputs } = volts;
  return {
    SYS_Power: powerWatts.system,
    CPU_Power: powerWatts.cpu,
    GPU_Power: powerWatts.gpu,
    MB_Power: powerWatts.board,
    ...Object.fromEntries(
      Object.entries(rails).flatMap(([rail, value]) => [
        [`${rail}_Voltage`, value.volts],
        [`${rail}_Current`, value.amps],
        [`${rail}_Power`, value.watts],
      ]),
    ),
    ...inputs,
    Vdd: VDD,
    Vref: VREF,
    Chip_Temp: CHIP,
    Ambient_Temp: AMBIENT,
    Humidity: percent(humidity),
    ...probes,
    ...Object.fromEntries(
      Object.entries(fans).flatMap(([fan, value]) => {
        const name = fan.replace('FAN_', 'Fan');
        return [
          [`${name}_Duty`, percent(value.duty)],
          [`${name}_RPM`, value.rpm],
          [`${name}_Status`, value.isEnabled ? 1 : 0],
        ];
      }),
    ),
    FanExtDuty: percent(externalDuty),
  };
}

function percent(ratio: number | undefined): number | undefined {
  return ratio === undefined ? undefined : ratio * 100;
}

/** What differs, in words; what is allowed to differ is counted in `seen`. */
function differences(
  contract: FirmwareContract,
  bytes: Uint8Array,
  vendor: VendorFrame,
  seen: Map<string, number>,
): string[] {
  const ours = underVendorKeys(decodeFrame(contract, bytes));
  const keys = new Set([...Object.keys(ours), ...Object.keys(vendor.values)]);
  const found = rawDifferences(contract, bytes, vendor);
  for (const key of keys) {
    const [mine, theirs] = [ours[key], vendor.values[key]];
    if (key in ours && key in vendor.values && isSame(mine, theirs)) continue;
    const name = Object.keys(allowedDifferences).find((each) => allowedDifferences[each]?.(key, mine, theirs, vendor));
    if (name) seen.set(name, (seen.get(name) ?? 0) + 1);
    else found.push(`${contract.product} ${contract.firmware}: ${key} is ${mine} here and ${theirs} there`);
  }
  return found;
}

/** Ours may have gone through a ratio; nothing on the wire is finer than one in 65,536. */
function isSame(ours: Values[string], theirs: Values[string]): boolean {
  if (typeof ours !== 'number' || typeof theirs !== 'number') return (ours ?? null) === (theirs ?? null);
  return Math.abs(ours - theirs) <= 1e-9 * Math.max(1, Math.abs(theirs));
}

function rawDifferences(contract: FirmwareContract, bytes: Uint8Array, vendor: VendorFrame): string[] {
  const decoder = frameDecoder(contract);
  const raw = new Int32Array(decoder.length);
  decoder.decode(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes.length, raw);
  const at = (path: string): number | undefined => raw[decoder.slot(path) ?? -1];
  return Object.entries(vendor.raw).flatMap(([path, theirs]) => {
    const ours = path.startsWith('Fault') ? word(at(`${path}.low`), at(`${path}.high`)) : at(path)?.toString();
    return ours === String(theirs)
      ? []
      : [`${contract.product} ${contract.firmware}: ${path} is ${ours} here, ${theirs} there`];
  });
}

function word(low: number | undefined, high: number | undefined): string {
  return (((BigInt(high ?? 0) & 0xffffffffn) << 32n) | (BigInt(low ?? 0) & 0xffffffffn)).toString();
}

/** Marsaglia's xorshift32: the same frames in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Random bytes, with markers, zeros and limits where the sensors are more often than chance would put them there. */
function randomFrame(contract: FirmwareContract, next: () => number): Uint8Array {
  const frame = Buffer.from(Array.from({ length: contract.sensors.size }, () => next() >>> 24));
  const special = [markerValue, 0, 1, -1, 1000, 1001, -1000, -1001, -32768, 250];
  for (const field of contract.sensors.fields.filter(({ type }) => type.endsWith('16'))) {
    for (let index = 0; index < (field.count ?? 1); index++) {
      const chosen = special[next() % 40];
      if (chosen !== undefined) frame.writeUInt16LE(chosen & 0xffff, field.offset + 2 * index);
    }
  }
  const { offset: ambient } = contract.sensors.fields.find(({ name }) => name === 'Tamb')!; // the humidity is next to it
  if (next() % 20 === 0) frame.writeUInt32LE(0, ambient);
  return frame;
}

/** A bench that is different at every reading, over more than what a PC does. */
function restlessBench(seed: number): () => BenchState {
  const next = randomNumbers(seed);
  const between = (low: number, high: number): number => low + ((next() % 10_000) / 10_000) * (high - low);
  return () =>
    constantBench({
      rails: {
        EPS1: { volts: between(11.4, 12.6), amps: between(0, 30) },
        HPWR1: { volts: between(11.4, 12.6), amps: between(-0.02, 55) },
      },
      celsius: { TS_1: between(-20, 99), TS_HPWR1_OUT: between(20, 99) },
      chipCelsius: between(20, 90),
      humidityPercent: between(1, 100),
      vinVolts: [between(0, 20), undefined, between(0, 5)],
    })(0);
}

const named = contracts.map((contract) => [`${contract.product} firmware ${contract.firmware}`, contract] as const);

describe("the vendor's library", () => {
  let child: ChildProcess;
  let lines: Interface;
  let ended: Promise<never>;
  let pending: Promise<unknown> = Promise.resolve();

  beforeAll(() => {
    child = spawn(installed('python'), [driver], { stdio: ['pipe', 'pipe', 'inherit'] });
    lines = createInterface({ input: child.stdout! });
    ended = new Promise((_, reject) =>
      child.once('exit', (code) => reject(new Error(`the driver ended with ${code}`))),
    );
    ended.catch(() => undefined); // that it ends is a failure only for whoever waits for an answer
  });

  afterAll(() => {
    child?.stdin?.end(); // the driver ends with its input
  });

  function ask<T>(task: string, ...rest: readonly unknown[]): Promise<T> {
    const turn = pending.then(async () => {
      const line = new Promise<string>((resolve) => lines.once('line', resolve));
      child.stdin!.write(`${JSON.stringify([task, rest])}\n`);
      const { answer, error } = JSON.parse(await Promise.race([line, ended])) as { answer?: T; error?: string };
      if (error !== undefined) throw new Error(error);
      return answer as T;
    });
    pending = turn.catch(() => undefined);
    return turn;
  }

  it.each(named)('identifies an emulated %s, reads it and sees what we see', async (_, contract) => {
    const next = restlessBench(contract.firmware);
    const states: BenchState[] = [];
    const board = await emulateBoard({
      product: contract.variant,
      firmware: contract.firmware,
      name: 'bench-rig-07',
      serial: contract.firmware,
      bench: () => states[states.push(next()) - 1]!,
    });
    try {
      const read = await ask<{
        identity: unknown;
        frames: readonly (VendorFrame & { bytes: string })[];
      }>('read', board.path, framesOnLine);
      expect(read).toMatchObject({
        identity: { VendorId: 0xee, ProductId: contract.productId, FwVersion: contract.firmware },
        ping: true,
        uid: board.uid,
        name: 'bench-rig-07',
        fan: { FanMode: 0, 'Temp.1': 600, MaxDuty: 100 },
        rgb: { Mode: 9, Red: 255 },
        calibration: 0x1234,
        renamed: 'named by the vendor',
      });
      const found = read.frames.flatMap((frame) =>
        differences(contract, Buffer.from(frame.bytes, 'hex'), frame, new Map()),
      );
      expect(found).toEqual([]);
      expect(read.frames).toHaveLength(framesOnLine);
      for (const [index, { rails, celsius }] of states.entries()) {
        const { values } = read.frames[index]!;
        expect(values.EPS1_Power).toBeCloseTo(rails.EPS1!.volts * rails.EPS1!.amps, 2);
        expect(values.HPWR1_Current).toBeCloseTo(rails.HPWR1!.amps, 2);
        expect(Math.abs(values.TS_1! - celsius.TS_1!)).toBeLessThanOrEqual(0.0501);
      }
    } finally {
      await board.close();
    }
  });

  it('reads and writes the configuration of the newest BENCHLAB 2, and gets an error for wrong values', async () => {
    const board = await emulateBoard({ bench: constantBench() });
    try {
      expect(await ask('read_configuration', board.path, board.contract.productId)).toEqual({
        status: 3,
        limit: 99,
        offset: -7,
        default_name: 'BENCHLAB',
      });
    } finally {
      await board.close();
    }
  });

  const seen = new Map<string, number>();

  it.each(named)(`decodes ${randomFrames} random frames of %s as we do`, async (_, contract) => {
    const next = randomNumbers(contract.productId * 256 + contract.firmware);
    const frames = Array.from({ length: randomFrames }, () => randomFrame(contract, next));
    const hex = frames.map((frame) => Buffer.from(frame).toString('hex'));
    const decoded = await ask<readonly VendorFrame[]>('decode', contract.productId, contract.firmware, hex);
    expect(decoded).toHaveLength(randomFrames);
    const found = frames.flatMap((frame, index) => differences(contract, frame, decoded[index]!, seen));
    expect(found.slice(0, 10)).toEqual([]);
  });

  it('differs from us in each of the ways that are listed, so that the list has no idle entry', () => {
    expect([...seen.keys()].sort()).toEqual(Object.keys(allowedDifferences).sort());
  });
});
