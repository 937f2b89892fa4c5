import { expect, test } from 'vitest';
import { boardAnswer } from '../testing/boardAnswer.suite.ts';
import { contractFor, fromHex, sensorVector } from './contract/vectors.suite.ts';
import { bl2, boardPort, frame, identifyMs, setUp, uid } from './receiver.suite.ts';

test('a sample carries the board, its totals and a reading for every sensor that has a value', async () => {
  const { clock, receiver, consumer } = setUp({ '/dev/a': boardPort() });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 60);
  const sample = consumer.samples.at(-1);
  expect(sample?.source).toMatchObject({
    id: uid,
    name: 'BENCHLAB 2 "bench-rig-07"',
    simulated: false,
    boundary: 'dc_rails',
  });
  expect(sample?.totals).toEqual({ system: 562.725, cpu: 129.125, gpu: 391.795, board: 41.805 });
  expect(consumer.readings('hw.host.power')).toMatchObject([
    {
      value: 562.725,
      sensor: { attributes: { 'hw.id': uid, 'hw.name': 'bench-rig-07' }, energyMetric: { name: 'hw.host.energy' } },
    },
  ]);
  expect(consumer.readings('hw.power')).toHaveLength(23);
  expect(consumer.readings('hw.voltage')).toHaveLength(23 + 13 + 2);
  expect(consumer.readings('benchlab.current')).toHaveLength(23);
  expect(consumer.readings('hw.temperature')).toHaveLength(1 + 4);
  expect(consumer.readings('hw.host.ambient_temperature')).toMatchObject([{ value: 25.1 }]);
  expect(consumer.readings('benchlab.humidity')).toMatchObject([{ value: 0.433 }]);
  expect(consumer.readings('hw.fan.speed')).toHaveLength(9);
  expect(consumer.readings('benchlab.fan.enabled')).toHaveLength(9);
  expect(consumer.readings('benchlab.fan.duty')).toHaveLength(10);
  expect(consumer.readings('benchlab.fault')).toHaveLength(68);
  expect(consumer.readings('benchlab.sample.unique_ratio')).toMatchObject([{ value: 0 }]);
  await receiver.stop();
});

test('every series has attributes of its own, and only those that its metric declares', async () => {
  const { clock, receiver, consumer } = setUp({ '/dev/a': boardPort() });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 60);
  const sensors = (consumer.samples.at(-1)?.readings ?? []).map((reading) => reading.sensor);
  const keys = sensors.map(({ metric, attributes }) =>
    JSON.stringify([metric.name, Object.entries(attributes).sort()]),
  );
  expect(new Set(keys).size).toBe(keys.length);
  for (const { metric, attributes } of sensors) {
    for (const name of Object.keys(attributes)) expect(metric.attributes).toContain(name);
  }
  await receiver.stop();
});

test('the wires of a connector have it as parent, count no energy and are not in a total', async () => {
  const { clock, receiver, consumer } = setUp({ '/dev/a': boardPort() });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs);
  const sensorAt = (location: string) =>
    consumer.readings('hw.power').find(({ sensor }) => sensor.attributes['hw.sensor_location'] === location)?.sensor;
  expect(sensorAt('HPWR1_W3')?.attributes).toEqual({
    'hw.id': `${uid}/HPWR1_W3`,
    'hw.parent': `${uid}/HPWR1`,
    'hw.sensor_location': 'HPWR1_W3',
    'hw.type': 'power_rail',
  });
  expect(sensorAt('HPWR1_W3')).not.toHaveProperty('energyMetric');
  expect(sensorAt('HPWR1')).toMatchObject({ attributes: { 'hw.parent': uid }, energyMetric: { name: 'hw.energy' } });
  await receiver.stop();
});

test('faults are readings of 0 and 1, live and latched, and unpublished bits survive as unknown', async () => {
  let current = fromHex(sensorVector('bl2-fw07-faults').frame_hex);
  const port = boardPort((request) => boardAnswer({ contract: bl2, frame: current })(request));
  const { clock, receiver, consumer } = setUp({ '/dev/a': port });
  const raised = (kind: string) =>
    consumer
      .readings('benchlab.fault')
      .filter(({ sensor, value }) => value === 1 && sensor.attributes['benchlab.fault.kind'] === kind)
      .map(({ sensor }) => sensor.attributes['benchlab.fault.name']);
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs);
  expect(raised('live')).toEqual(['wire_ocp_hpwr1_wire3', 'current_imbalance_hpwr2']);
  expect(raised('latched')).toEqual(['otp_ts_hpwr1_out', 'wire_ocp_hpwr1_wire3', 'current_imbalance_hpwr2']);
  current = fromHex(sensorVector('bl2-fw07-unknown-faults').frame_hex);
  await clock.advanceMs(50);
  expect(raised('live')).toHaveLength(64);
  expect(raised('live')).toContain('unknown_63');
  current = frame;
  await clock.advanceMs(50);
  expect(raised('live')).toEqual([]);
  expect(consumer.readings('benchlab.fault')).toHaveLength(128);
  await receiver.stop();
});

test('the sensors are the same objects in every sample, after a reconnection too', async () => {
  const port = boardPort();
  const { clock, receiver, consumer } = setUp({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 60);
  const sensors = () => new Set(consumer.samples.at(-1)?.readings.map((reading) => reading.sensor));
  const [first, source] = [sensors(), consumer.samples.at(-1)?.source];
  port.unplug();
  await clock.advanceMs(3000);
  expect(sensors()).toEqual(first);
  for (const sensor of sensors()) expect(first.has(sensor)).toBe(true);
  expect(consumer.samples.at(-1)?.source).not.toBe(source);
  expect(consumer.samples.at(-1)?.source.id).toBe(source?.id);
  await receiver.stop();
});

test('dropped values make a poll partial and are counted', async () => {
  const contract = contractFor({});
  const port = boardPort(boardAnswer({ contract, frame: fromHex(sensorVector('orig-ambient-bus-failed').frame_hex) }));
  const { clock, receiver, consumer } = setUp({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 110);
  expect(consumer.readings('hw.host.ambient_temperature')).toEqual([]);
  expect(consumer.reports.at(-1)?.outcome).toBe('partial');
  const failures = consumer
    .readings('benchlab.readings.rejected')
    .find(({ sensor }) => sensor.attributes['error.type'] === 'sensor_failure');
  expect(failures?.value).toBe(consumer.samples.length);
  await receiver.stop();
});
