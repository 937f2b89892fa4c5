import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CollectedSamples as Collected } from '@benchlab-otel/core/testing';
import { constantBench, emulateBoard } from '@benchlab-otel/emulator';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../testing/rig.suite.ts';
import { benchlabReceiver } from './receiver.ts';

// On real pseudo-terminals, so that a replug is a real one.

const changesOf = ({ events }: Collected) =>
  events.map(({ attributes }) =>
    ['benchlab.fault.kind', 'benchlab.fault.name', 'benchlab.fault.state'].map((name) => attributes[name]).join(' '),
  );

test('N9: a fault is an event when it comes and when it goes, once across a replug, and the status of its part', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const link = join(folder, 'board');
  const connectorFaults = ['FAULT_OTP_TS_HPWR1_IN'];
  let board = await emulateBoard({ link, bench: constantBench(), connectorFaults });
  onTestFinished(() => board.close());
  const receiver = benchlabReceiver({ ports: [link], rateHz: 50 });
  onTestFinished(() => receiver.stop());
  const collected = new Collected();
  await receiver.start(collected);
  await until(() => collected.events.length === 2);
  expect(changesOf(collected)).toEqual(['live otp_ts_hpwr1_in raised', 'latched otp_ts_hpwr1_in raised']);
  expect(collected.events[0]).toMatchObject({
    source: { id: board.uid, simulated: true },
    definition: { name: 'benchlab.fault.change', level: 'warn' },
    attributes: { 'hw.id': board.uid, 'benchlab.simulated': true },
  });
  expect(collected.samples.map(({ timeNs }) => timeNs)).toContain(collected.events[0]?.timeNs);
  const failed = () =>
    collected
      .readings('hw.status')
      .filter(({ sensor, value }) => sensor.attributes['hw.state'] === 'failed' && value === 1)
      .map(({ sensor }) => sensor.attributes['hw.id']);
  expect(failed()).toEqual([`${board.uid}/fault/otp_ts_hpwr1_in`]);

  const before = collected.samples.length;
  await board.close();
  board = await emulateBoard({ link, bench: constantBench(), connectorFaults });
  await until(() => collected.losses.length > 0 && collected.samples.length > before + 5);
  expect(collected.events).toHaveLength(2);

  board.connectorFaults = [];
  await until(() => collected.events.length === 3);
  expect(changesOf(collected)[2]).toBe('live otp_ts_hpwr1_in cleared');
  await until(() => failed().length === 0);
});

test('two boards keep their faults apart', async () => {
  const boards = [
    await emulateBoard({ serial: 1, bench: constantBench() }),
    await emulateBoard({ serial: 2, bench: constantBench() }),
  ] as const;
  for (const board of boards) onTestFinished(() => board.close());
  const receiver = benchlabReceiver({ ports: boards.map(({ path }) => path), rateHz: 50 });
  onTestFinished(() => receiver.stop());
  const collected = new Collected();
  await receiver.start(collected);
  await until(() => new Set(collected.samples.map(({ source }) => source.id)).size === 2);
  boards[1].connectorFaults = ['FAULT_CURRENT_IMBALANCE_HPWR2'];
  await until(() => collected.events.length >= 2);
  const samples = (board: (typeof boards)[number]) =>
    collected.samples.filter(({ source }) => source.id === board.uid).length;
  const before = boards.map(samples);
  await until(() => boards.every((board, k) => samples(board) > (before[k] ?? 0) + 3));
  expect(new Set(collected.events.map(({ source }) => source.id))).toEqual(new Set([boards[1].uid]));
  expect(collected.events).toHaveLength(2);
});
