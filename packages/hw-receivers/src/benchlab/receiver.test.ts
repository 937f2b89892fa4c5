import { BenchlabError, OptionError } from '@benchlab-otel/core';
import { CollectedSamples as Collected, ManualClock } from '@benchlab-otel/core/testing';
import { expect, test } from 'vitest';
import { boardAnswer } from '../testing/boardAnswer.suite.ts';
import { type Answer, MemoryPort } from '../testing/memoryPort.suite.ts';
import { until } from '../testing/rig.suite.ts';
import { contractFor, fromHex, sensorVector } from './contract/vectors.suite.ts';
import type { Host } from './device/host.ts';
import { type BenchlabReceiverOptions, benchlabReceiver } from './receiver.ts';

const bl2 = contractFor({ product_id: '0x11', firmware: 7 });
const frame = fromHex(sensorVector('bl2-fw07-typical').frame_hex);
const uid = '3A0025000B51383239373834';
const good = boardAnswer({ contract: bl2, frame });
/** Opening, listening for 100 ms and the pauses of identification. */
const identifyMs = 170;

function setup(ports: Record<string, MemoryPort>, options: BenchlabReceiverOptions = {}) {
  const clock = new ManualClock();
  const enumerations = new Map(Object.keys(ports).map((path) => [path, 1]));
  const host: Host = {
    sysfs: '/nowhere',
    transport: (path) => {
      const port = ports[path];
      if (!port) throw new Error(`no port ${path}`);
      return port.transport(path);
    },
    node: (path) => ({ realPath: path, isPseudoTerminal: false, enumeration: String(enumerations.get(path)) }),
  };
  const consumer = new Collected();
  const receiver = benchlabReceiver({ ports: Object.keys(ports), clock, dither: false, ...options }, host);
  const replug = (path: string) => enumerations.set(path, (enumerations.get(path) ?? 0) + 1);
  return { clock, receiver, consumer, replug };
}

function boardPort(answer: Answer = good) {
  return new MemoryPort(answer);
}

test('a board is found and read at its rate, by absolute deadlines and with reads only', async () => {
  const port = boardPort();
  const { clock, receiver, consumer } = setup({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs);
  const before = consumer.samples.length;
  await clock.advanceMs(1000);
  expect(consumer.samples.length - before).toBe(20);
  const times = consumer.samples.map((sample) => sample.timeNs);
  expect(new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0)))).toEqual(new Set([50e6]));
  expect(new Set(port.written)).toEqual(new Set(['00', '0e', '0d', '03', '01']));
  expect(consumer.reports.every((report) => report.outcome === 'success' && report.receiver === 'benchlab')).toBe(true);
  await receiver.stop();
});

test.each([
  ['by up to half a period at random, because the vendor does not state what its power stands for', uid, {}, true],
  ['on time where the option switches the dither off', uid, { dither: false }, false],
  ['by up to half a period where an emulated one answers with instants', '53494D110100000000000001', {}, true],
  ['on time where it states that its values are means', '53494D110000000000000001', {}, false],
] as const)('a board is polled %s', async (_, boardUid, options, isMoved) => {
  const fractions = [0.9, 0.2, 0.5, 0, 0.75];
  let drawn = 0;
  const random = () => fractions[drawn++ % fractions.length] ?? 0;
  const port = boardPort(boardAnswer({ contract: bl2, frame, uid: boardUid }));
  const { clock, receiver, consumer } = setup({ '/dev/a': port }, { dither: true, random, ...options });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 330);
  await receiver.stop();
  const first = consumer.samples[0]?.timeNs ?? 0;
  const offsets = consumer.samples.slice(1, 6).map(({ timeNs }, k) => (timeNs - first) / 1e6 - 50 * (k + 1));
  const moved = [20, -15, 0, -25, 12.5];
  for (const [k, offset] of offsets.entries()) expect(offset).toBeCloseTo(isMoved ? (moved[k] ?? 0) : 0, 6);
  expect(offsets).toHaveLength(5);
});

test('a sample carries the board, its totals and a reading for every sensor that has a value', async () => {
  const { clock, receiver, consumer } = setup({ '/dev/a': boardPort() });
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
  const { clock, receiver, consumer } = setup({ '/dev/a': boardPort() });
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
  const { clock, receiver, consumer } = setup({ '/dev/a': boardPort() });
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
  const { clock, receiver, consumer } = setup({ '/dev/a': port });
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
  const { clock, receiver, consumer } = setup({ '/dev/a': port });
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

test('an unplugged board is reported lost once and at once, and is read again when it is back', async () => {
  const port = boardPort();
  const { clock, receiver, consumer, replug } = setup({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 60);
  port.unplug();
  expect(consumer.losses).toMatchObject([{ source: { id: uid }, error: { code: 'BOARD_LOST' } }]);
  port.openError = new BenchlabError('NO_BOARD', 'There is no /dev/a.', 'Check the cable.');
  const before = consumer.samples.length;
  await clock.advanceMs(5000);
  expect(consumer.samples).toHaveLength(before);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'failure', error: { code: 'NO_BOARD' } });
  port.openError = undefined;
  replug('/dev/a');
  await clock.advanceMs(2500);
  expect(consumer.samples.length).toBeGreaterThan(before);
  expect(consumer.losses).toHaveLength(1);
  await receiver.stop();
});

test('a board that is unplugged while it answers is lost, and its poll is a failure', async () => {
  const port = boardPort();
  const { clock, receiver, consumer } = setup({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 60);
  port.answer = (request) => {
    port.unplug();
    return good(request);
  };
  await clock.advanceMs(60);
  expect(consumer.losses).toHaveLength(1);
  expect(consumer.reports.filter((report) => report.outcome === 'failure')).toMatchObject([
    { error: { code: 'BOARD_LOST' } },
  ]);
  await receiver.stop();
});

test('a board that falls silent is lost after three reads, gives no invented value, and comes back by itself', async () => {
  const port = boardPort();
  const { clock, receiver, consumer } = setup({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 60);
  const before = consumer.samples.length;
  port.answer = () => [];
  await clock.advanceMs(4000);
  expect(consumer.losses).toMatchObject([{ error: { code: 'BOARD_LOST', cause: { code: 'NO_REPLY' } } }]);
  expect(consumer.samples).toHaveLength(before);
  port.answer = good;
  await clock.advanceMs(4000);
  expect(consumer.samples.length).toBeGreaterThan(before);
  await receiver.stop();
});

test('one bad reply is a failed poll and not a loss; the board is identified again before the next read', async () => {
  const port = boardPort();
  const { clock, receiver, consumer } = setup({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 60);
  port.answer = (request) => {
    port.answer = good;
    return good(request).map((bytes) => bytes.subarray(1));
  };
  port.written.length = 0;
  const before = consumer.samples.length;
  await clock.advanceMs(1000);
  expect(port.written.slice(0, 4)).toEqual(['01', '0e', '01', '01']);
  expect(consumer.reports.filter((report) => report.outcome === 'failure')).toMatchObject([
    { error: { code: 'BAD_REPLY' } },
  ]);
  expect(consumer.losses).toEqual([]);
  expect(consumer.samples.length).toBeGreaterThan(before);
  await receiver.stop();
});

test('bytes of the right number that are not a frame give no sample', async () => {
  const noise = Uint8Array.from({ length: 384 }, (_, index) => ((index * 89 + 101) % 251) | 0x40);
  const { clock, receiver, consumer } = setup({ '/dev/a': boardPort(boardAnswer({ contract: bl2, frame: noise })) });
  await receiver.start(consumer);
  await clock.advanceMs(500);
  expect(consumer.samples).toEqual([]);
  expect(consumer.reports.some((report) => report.error?.code === 'BAD_REPLY')).toBe(true);
  await receiver.stop();
});

test('dropped values make a poll partial and are counted', async () => {
  const contract = contractFor({});
  const port = boardPort(boardAnswer({ contract, frame: fromHex(sensorVector('orig-ambient-bus-failed').frame_hex) }));
  const { clock, receiver, consumer } = setup({ '/dev/a': port });
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

test('several boards are read side by side, and a silent one does not hold up the other', async () => {
  const other = boardPort(boardAnswer({ contract: bl2, frame, uid: '0102030405060708090A0B0C', name: 'second' }));
  const silent = boardPort(boardAnswer({ contract: bl2, frame, uid: 'FF02030405060708090A0B0C' }));
  const { clock, receiver, consumer } = setup({ '/dev/a': boardPort(), '/dev/b': other, '/dev/c': silent });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs);
  silent.answer = () => [];
  await clock.advanceMs(1000);
  const countOf = (id: string) => consumer.samples.filter((sample) => sample.source.id === id).length;
  expect(countOf(uid)).toBeGreaterThanOrEqual(20);
  expect(countOf('0102030405060708090A0B0C')).toBe(countOf(uid));
  expect(countOf('FF02030405060708090A0B0C')).toBeLessThan(3);
  await receiver.stop();
});

test('a second board with the same UID is refused by name, and is read when the first is gone', async () => {
  const [first, second] = [boardPort(), boardPort()];
  const { clock, receiver, consumer } = setup({ '/dev/a': first, '/dev/b': second });
  await receiver.start(consumer);
  await clock.advanceMs(300);
  expect(second.isOpen).toBe(false);
  await clock.advanceMs(4700);
  expect(new Set(consumer.samples.map(({ source }) => source.attributes['benchlab.port']))).toEqual(
    new Set(['/dev/a']),
  );
  expect(second.written).not.toContain('01');
  const error = consumer.reports.find(({ outcome }) => outcome === 'partial')?.error;
  expect(error?.code).toBe('DUPLICATE_UID');
  expect(error?.message).toMatch(
    /\/dev\/b has the same UID as the one at \/dev\/a: 3A0025000B51383239373834\. Only \/dev\/a is read\. Name only one/,
  );
  first.unplug();
  first.openError = new BenchlabError('NO_BOARD', 'There is no /dev/a.', 'Check the cable.');
  await clock.advanceMs(5000);
  expect(consumer.samples.at(-1)?.source.attributes['benchlab.port']).toBe('/dev/b');
  await receiver.stop();
});

test('a device of another product is refused once and gets no further byte until it is plugged in again', async () => {
  const stranger = boardPort((request) => (request[0] === 0 ? [new TextEncoder().encode('ElmorLabs PMD2')] : []));
  const { clock, receiver, consumer, replug } = setup({ '/dev/a': stranger });
  await receiver.start(consumer);
  await clock.advanceMs(20_000);
  expect(stranger.written).toEqual(['00']);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'failure', error: { code: 'NOT_A_BENCHLAB' } });
  await receiver.stop();
  await receiver.start(consumer);
  await clock.advanceMs(5000);
  expect(stranger.written).toEqual(['00']);
  replug('/dev/a');
  await clock.advanceMs(5000);
  expect(stranger.written).toEqual(['00', '00']);
  await receiver.stop();
});

test('a device of another product is asked again when the user says so', async () => {
  const stranger = boardPort((request) => (request[0] === 0 ? [new TextEncoder().encode('ElmorLabs PMD2')] : []));
  const { clock, receiver, consumer } = setup({ '/dev/a': stranger });
  await receiver.start(consumer);
  await clock.advanceMs(5000);
  stranger.answer = good;
  await clock.advanceMs(60_000);
  expect(consumer.samples).toEqual([]);
  receiver.reload?.();
  await clock.advanceMs(3000);
  expect(consumer.samples.length).toBeGreaterThan(0);
  await receiver.stop();
});

test.each([
  ['stray bytes before its first welcome', () => [Uint8Array.of(1, 2, 3, 4), new TextEncoder().encode('BENCHLAB\0')]],
  ['garbage', () => [new Uint8Array(32).fill(0xa5)]],
  ['silence', () => []],
])(
  'a named board that met %s is asked WELCOME again, less and less often, and read when the line is clean',
  async (_, torn) => {
    const port = boardPort(torn);
    const { clock, receiver, consumer } = setup({ '/dev/a': port });
    await receiver.start(consumer);
    await clock.advanceMs(120_000);
    expect(port.written.length).toBeLessThan(10);
    expect(new Set(port.written)).toEqual(new Set(['00']));
    port.answer = good;
    await clock.advanceMs(62_000);
    expect(consumer.samples.length).toBeGreaterThan(0);
    await receiver.stop();
  },
);

test('a port and a link to it are one device, which is read once', async () => {
  const port = boardPort();
  const clock = new ManualClock();
  const host: Host = {
    sysfs: '/nowhere',
    transport: port.transport,
    node: () => ({ realPath: '/dev/a', isPseudoTerminal: false, enumeration: '1' }),
  };
  const consumer = new Collected();
  const receiver = benchlabReceiver({ ports: ['/dev/link', '/dev/a'], clock, dither: false }, host);
  await receiver.start(consumer);
  await clock.advanceMs(5000);
  expect(port.written.filter((request) => request === '00')).toHaveLength(1);
  expect(new Set(consumer.reports.map(({ outcome }) => outcome))).toEqual(new Set(['success']));
  await receiver.stop();
});

test('a busy port is reported with its fix and tried again, no more than every two seconds', async () => {
  const port = boardPort();
  port.openError = new BenchlabError('PORT_BUSY', '/dev/a is in use.', 'Stop the other process.');
  const { clock, receiver, consumer } = setup({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(21_000);
  expect(consumer.reports.length).toBeLessThan(13);
  expect(consumer.reports.every(({ outcome, error }) => outcome === 'failure' && error?.code === 'PORT_BUSY')).toBe(
    true,
  );
  port.openError = undefined;
  await clock.advanceMs(2500);
  expect(consumer.samples.length).toBeGreaterThan(0);
  await receiver.stop();
});

test('without ports and without boards a poll is no_data, and its error names the fix', async () => {
  const clock = new ManualClock();
  const consumer = new Collected();
  const host: Host = { sysfs: '/nowhere', transport: () => expect.unreachable(), node: () => undefined };
  const receiver = benchlabReceiver({ clock }, host);
  await receiver.start(consumer);
  await clock.advanceMs(10);
  await until(() => consumer.reports.length > 0); // reads of the file system are not on the manual clock
  expect(consumer.reports).toMatchObject([{ outcome: 'no_data', error: { code: 'NO_BOARD' } }]);
  await receiver.stop();
});

test('a consumer that throws does not stop the receiver', async () => {
  const { clock, receiver, consumer } = setup({ '/dev/a': boardPort() });
  let calls = 0;
  consumer.sample = () => {
    calls++;
    throw new Error('not my problem');
  };
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 200);
  expect(calls).toBeGreaterThan(2);
  expect(consumer.losses).toEqual([]);
  await receiver.stop();
});

test.each([0, 60, identifyMs, 400])(
  'stopped after %i ms, nothing more is delivered and no timer is left',
  async (ms) => {
    const port = boardPort();
    const { clock, receiver, consumer } = setup({ '/dev/a': port });
    await receiver.start(consumer);
    await clock.advanceMs(ms);
    await receiver.stop();
    const counts = [consumer.samples.length, consumer.reports.length];
    expect(clock.pending).toBe(0);
    expect(port.isOpen).toBe(false);
    await clock.advanceMs(1000);
    expect([consumer.samples.length, consumer.reports.length]).toEqual(counts);
    expect(consumer.losses).toEqual([]);
  },
);

test.each([
  [{ dither: 1 as never }, 'dither is 1. It must be true or false.'],
  [{ rateHz: 0 }, 'rateHz is 0. It must be a number from 1 to 100.'],
  [{ rateHz: 101 }, 'rateHz is 101. It must be a number from 1 to 100.'],
  [{ rateHz: Number.NaN }, 'rateHz is NaN.'],
  [{ ports: [] }, 'ports is a list of 0. It must be a list of paths with at least one path'],
  [{ ports: [''] }, 'ports is a list of 1. It must be a list of paths'],
  [{ ports: '/dev/ttyACM0' as unknown as string[] }, 'ports is "/dev/ttyACM0". It must be a list of paths'],
  [{ bridges: [7 as unknown as string] }, 'bridges is a list of 1. It must be a list of paths.'],
  [{ assumeFirmware: 99 }, 'assumeFirmware is 99. It must be a published firmware: one of 2, 3, 4, 5, 6, 7'],
])('%j is refused with the name of the option and what it allows', (options, message) => {
  expect(() => benchlabReceiver(options)).toThrow(OptionError);
  expect(() => benchlabReceiver(options)).toThrow(message);
});
