import { CollectedSamples as Collected } from '@benchlab-otel/core/testing';
import { constantBench, type EmulatedBoard, type EmulatorOptions, emulateBoard } from '@benchlab-otel/emulator';
import { afterEach, expect, test } from 'vitest';
import { contracts } from './contract/contract.ts';
import { findBoards } from './device/boards.ts';
import { type BenchlabReceiverOptions, benchlabReceiver } from './receiver.ts';

// The whole way over a real pseudo-terminal and serialport, with the host's clock.

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const entry of open.splice(0).reverse()) await entry.close();
});

async function plugIn(options: EmulatorOptions = {}): Promise<EmulatedBoard> {
  const board = await emulateBoard({ bench: constantBench({}), ...options });
  open.push(board);
  return board;
}

async function read(ports: readonly string[], options: BenchlabReceiverOptions = {}): Promise<Collected> {
  const consumer = new Collected();
  const receiver = benchlabReceiver({ ports, ...options });
  await receiver.start(consumer);
  open.push({ close: () => receiver.stop() });
  return consumer;
}

const until = (isDone: () => boolean) => expect.poll(isDone, { timeout: 8000, interval: 10 }).toBe(true);

test('every published firmware is found and identified', async () => {
  const boards = await Promise.all(
    contracts.map(({ variant, firmware }, serial) =>
      plugIn({ product: variant, firmware, serial, name: `rig-${serial}` }),
    ),
  );
  const found = await findBoards({ ports: boards.map((board) => board.path) });
  expect(found.refused).toEqual([]);
  expect(found.boards).toEqual(
    boards.map(({ path, uid, contract }, serial) => ({
      port: path,
      product: contract.product,
      productId: contract.productId,
      variant: contract.variant,
      firmware: contract.firmware,
      uid,
      name: `rig-${serial}`,
      simulated: true,
      aperture: { kind: 'mean', seconds: 'since the sample before' },
    })),
  );
});

test('samples come at the rate, are marked simulated, and have the time at which they were taken', async () => {
  const board = await plugIn();
  const before = process.hrtime();
  const consumer = await read([board.path], { rateHz: 100 });
  await until(() => consumer.samples.length >= 30);
  const [first, last] = [consumer.samples[0], consumer.samples.at(-1)];
  expect(first?.source).toMatchObject({ id: board.uid, simulated: true });
  expect(first?.timeNs).toBeGreaterThan(before[0] * 1e9 + before[1]);
  expect(first?.uncertaintyNs).toBeGreaterThan(0);
  expect((last?.timeNs ?? 0) - (first?.timeNs ?? 0)).toBeGreaterThan(0.25e9);
  for (const { sensor } of last?.readings ?? []) expect(sensor.attributes['benchlab.simulated']).toBe(true);
  expect(new Set(board.requests)).toEqual(new Set(['00', '0e', '0d', '03', '01']));
});

test('a reply that comes in pieces is joined', async () => {
  const board = await plugIn({ fault: 'split' });
  const consumer = await read([board.path]);
  await until(() => consumer.samples.length >= 5);
  expect(consumer.reports.filter((report) => report.outcome === 'failure')).toEqual([]);
});

test('stray bytes after a reply never shift the next one', async () => {
  const board = await plugIn({ fault: 'stale' });
  const consumer = await read([board.path]);
  await until(() => consumer.samples.length >= 5);
  for (const { totals } of consumer.samples) expect(totals).toEqual({ system: 323.6, cpu: 90, gpu: 192, board: 41.6 });
  // On a busy host they arrive together with the reply that they follow, which then counts as too long.
  for (const { error } of consumer.reports) expect(error?.code ?? 'BAD_REPLY').toBe('BAD_REPLY');
});

test.each([
  ['short', 'BAD_REPLY'],
  ['garbage', 'BAD_REPLY'],
  ['late', 'NO_REPLY'],
] as const)(
  'with a line fault of %s there is no sample, and the polls report %s',
  async (fault, code) => {
    const board = await plugIn({ fault });
    const consumer = await read([board.path]);
    await until(() => consumer.reports.filter((report) => report.error?.code === code).length >= 2);
    expect(consumer.samples).toEqual([]);
    board.fault = undefined;
    await until(() => consumer.samples.length >= 2);
  },
  20_000,
);

test.each([
  ['wrong-welcome', 'NOT_A_BENCHLAB', ['00']],
  ['greeting', 'NOT_A_BENCHLAB', []],
  ['wrong-product', 'NOT_A_BENCHLAB', ['00', '0e']],
  // One garbled reply must not refuse a board: the version is asked for twice.
  ['future-firmware', 'UNKNOWN_FIRMWARE', ['00', '0e', '0e']],
  ['silence', 'NO_REPLY', ['00']],
] as const)('a port with %s is refused as %s', async (fault, code, requests) => {
  // This firmware pushes no welcome: its welcome is the answer to a request.
  const board = await plugIn({ fault, firmware: 4 });
  const { boards, refused } = await findBoards({ ports: [board.path] });
  expect(boards).toEqual([]);
  expect(refused).toMatchObject([{ port: board.path, error: { code } }]);
  expect(board.requests).toEqual(requests);
});

test('a reply without an end delays the next request; every sample is right, or there is none', async () => {
  const board = await plugIn({ fault: 'never-ending' });
  const consumer = await read([board.path]);
  await until(() => consumer.reports.length >= 8);
  board.fault = undefined;
  await until(() => consumer.samples.length >= 12);
  for (const { totals } of consumer.samples) expect(totals).toEqual({ system: 323.6, cpu: 90, gpu: 192, board: 41.6 });
});

test('unpublished firmware is read as the assumed one, and is labelled with it', async () => {
  const board = await plugIn({ fault: 'future-firmware' });
  const consumer = await read([board.path], { assumeFirmware: 7 });
  await until(() => consumer.samples.length >= 1);
  expect(consumer.samples[0]?.source.attributes).toMatchObject({ 'benchlab.firmware.assumed': '7' });
});

test('connector faults become readings, live and latched', async () => {
  const board = await plugIn({ connectorFaults: ['FAULT_CURRENT_IMBALANCE_HPWR1'] });
  const consumer = await read([board.path]);
  const raised = () =>
    consumer
      .readings('benchlab.fault')
      .filter(({ value }) => value === 1)
      .map(({ sensor }) => `${sensor.attributes['benchlab.fault.name']} ${sensor.attributes['benchlab.fault.kind']}`);
  await until(() => raised().length === 2);
  expect(raised()).toEqual(['current_imbalance_hpwr1 live', 'current_imbalance_hpwr1 latched']);
  board.connectorFaults = [];
  await until(() => raised().length === 1);
  expect(raised()).toEqual(['current_imbalance_hpwr1 latched']);
});

test('a reading has no attribute that its metric does not name, and a fault has every one', async () => {
  const board = await plugIn({ connectorFaults: ['FAULT_CURRENT_IMBALANCE_HPWR1'] });
  const consumer = await read([board.path]);
  await until(() => consumer.samples.length >= 2);
  const readings = consumer.samples.at(-1)?.readings ?? [];
  expect(readings.length).toBeGreaterThan(150);
  for (const { metric, attributes, energyMetric } of readings.map(({ sensor }) => sensor)) {
    for (const name of Object.keys(attributes)) {
      expect(metric.attributes).toContain(name);
      if (energyMetric) expect(energyMetric.attributes).toContain(name);
    }
    if (metric.name !== 'benchlab.fault') continue;
    expect(Object.keys(attributes).sort()).toEqual([...metric.attributes].sort());
  }
});

test('a board that is unplugged is lost once, and the one that is plugged in at the same name is read', async () => {
  const link = `/tmp/benchlab-test-${process.pid}`;
  const first = await plugIn({ link, serial: 1 });
  const consumer = await read([link]);
  await until(() => consumer.samples.length >= 3);
  await first.close();
  await until(() => consumer.losses.length === 1);
  expect(consumer.losses[0]).toMatchObject({ source: { id: first.uid }, error: { code: 'BOARD_LOST' } });
  const second = await plugIn({ link, serial: 2 });
  await until(() => consumer.samples.at(-1)?.source.id === second.uid);
  expect(consumer.losses).toHaveLength(1);
}, 20_000);

test('a port that another process owns is reported as busy and read once it is free', async () => {
  const board = await plugIn();
  const owner = benchlabReceiver({ ports: [board.path] });
  const owned = new Collected();
  await owner.start(owned);
  await until(() => owned.samples.length > 0);
  const consumer = await read([board.path]);
  await until(() => consumer.reports.some((report) => report.error?.code === 'PORT_BUSY'));
  await owner.stop();
  await until(() => consumer.samples.length > 0);
});
