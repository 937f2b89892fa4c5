import { expect, test } from 'vitest';
import { quantitiesOf } from '../contract/quantity.ts';
import {
  contractFor,
  fromHex,
  type NormalisedVector,
  type SensorVector,
  sensorVector,
  vectors,
} from '../contract/vectors.suite.ts';
import { frameDecoder } from './decode.ts';
import { type DecodedFrame, decodeFrame } from './frame.ts';
import { normaliser } from './normalise.ts';
import { dropImplausible } from './plausible.ts';

/** The shape of the vectors, from ours. */
function asVector(frame: DecodedFrame): NormalisedVector {
  const orNull = (value: number | undefined, scale = 1) => (value === undefined ? null : value * scale);
  const { CHIP, AMBIENT, ...ts } = frame.celsius;
  const vin = Object.entries(frame.volts).filter(([name]) => name.startsWith('VIN_'));
  const { board, ...power } = frame.powerWatts;
  return {
    rails: frame.rails,
    vin_volts: vin.map(([, value]) => orNull(value)),
    vdd_volts: frame.volts.VDD ?? Number.NaN,
    vref_volts: frame.volts.VREF ?? Number.NaN,
    chip_celsius: orNull(CHIP),
    ts_celsius: Object.fromEntries(Object.entries(ts).map(([name, value]) => [name, orNull(value)])),
    ambient_celsius: orNull(AMBIENT),
    humidity_percent: orNull(frame.humidity, 100),
    fan_switch: frame.fanSwitch,
    rgb_switch: frame.rgbSwitch,
    rgb_ext: frame.rgbExternal,
    fan_ext_duty_percent: orNull(frame.externalDuty, 100),
    fans: Object.values(frame.fans).map((fan) => ({
      enabled: fan.isEnabled,
      duty_percent: fan.duty * 100,
      rpm: fan.rpm,
    })),
    power_watts: { ...power, motherboard: board },
    ...(frame.faults && { faults_active: frame.faults.live, faults_latched: frame.faults.latched }),
  };
}

/** Numbers to nine digits: 0.433 * 100 is not 43.3 in binary. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, item) =>
    typeof item === 'number' ? Number(item.toPrecision(14)) : item,
  );
}

function normalise(vector: SensorVector) {
  const decoder = frameDecoder(contractFor(vector));
  const frame = fromHex(vector.frame_hex);
  const raw = new Int32Array(decoder.length);
  decoder.decode(new DataView(frame.buffer), frame.length, raw);
  const quantities = quantitiesOf(contractFor(vector), decoder);
  const values = new Float64Array(quantities.length);
  const failures = normaliser(quantities)(raw, values);
  const absent = () =>
    quantities.filter((_, index) => Number.isNaN(values[index])).map((q) => `${q.location} ${q.kind}`);
  return { quantities, values, failures, absent };
}

test.each(vectors.sensor_vectors)('$id reads as expected', (vector) => {
  const frame = decodeFrame(contractFor(vector), fromHex(vector.frame_hex));
  expect(rounded(asVector(frame))).toEqual(rounded(vector.expected_normalised));
});

test.each(vectors.reject_vectors)('$id is refused', (vector) => {
  expect(() => decodeFrame(contractFor(vector), fromHex(vector.frame_hex))).toThrow(
    expect.objectContaining({ code: 'BAD_REPLY' }),
  );
});

test('ambient temperature and humidity of exactly 0 together are a failed sensor, and it is counted', () => {
  const { failures, absent } = normalise(sensorVector('orig-ambient-bus-failed'));
  expect(failures).toBe(1);
  expect(absent()).toEqual(expect.arrayContaining(['AMBIENT celsius', 'AMBIENT humidity']));
});

test.each(['Tamb', 'Hum'])('%s alone at 0 is kept', (field) => {
  const contract = contractFor({});
  const frame = fromHex(sensorVector('orig-typical-fw06').frame_hex);
  const offset = contract.sensors.fields.find((candidate) => candidate.name === field)?.offset ?? -1;
  new DataView(frame.buffer).setUint16(offset, 0, true);
  const decoded = decodeFrame(contract, frame);
  expect(field === 'Tamb' ? decoded.celsius.AMBIENT : decoded.humidity).toBe(0);
  expect(field === 'Tamb' ? decoded.humidity : decoded.celsius.AMBIENT).toBeGreaterThan(0);
});

test('the plausibility check drops and counts impossible values, and only those', () => {
  const low = normalise(sensorVector('orig-min'));
  expect(dropImplausible(low.quantities, low.values)).toBe(7);
  const kinds = ['CHIP celsius', 'TS_1 celsius', 'TS_2 celsius', 'TS_3 celsius', 'TS_4 celsius'];
  expect(low.absent()).toEqual([...kinds, 'AMBIENT celsius', 'AMBIENT humidity']);
  const edge = normalise(sensorVector('orig-sign-boundary'));
  expect(dropImplausible(edge.quantities, edge.values)).toBe(2);
  expect(edge.absent()).toEqual(['TS_3 celsius', 'TS_4 celsius']);
  const typical = normalise(sensorVector('bl2-fw07-typical'));
  expect(dropImplausible(typical.quantities, typical.values)).toBe(0);
});

test('a connector at 140 degrees is kept: that is the reading that matters most', () => {
  const contract = contractFor({ product_id: '0x11', firmware: 7 });
  const decoder = frameDecoder(contract);
  const quantities = quantitiesOf(contract, decoder);
  const values = new Float64Array(quantities.length);
  const connector = quantities.findIndex((quantity) => quantity.location === 'TS_HPWR1_IN');
  values[connector] = 140;
  expect(dropImplausible(quantities, values)).toBe(0);
  expect(values[connector]).toBe(140);
});
