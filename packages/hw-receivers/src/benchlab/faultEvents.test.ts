import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constantBench, emulateBoard } from '@benchlab-otel/emulator';
import { expect, onTestFinished, test } from 'vitest';
import { Collected } from '../testing/collect.ts';
import { benchlabReceiver } from './receiver.ts';

// On real pseudo-terminals, so that a replug is one.

const told = ({ events }: Collected) =>
  events.map(({ attributes }) =>
    ['benchlab.fault.kind', 'benchlab.fault.name', 'benchlab.fault.state'].map((name) => attributes[name]).join(' '),
  );
const until = (isDone: () => boolean) => expect.poll(isDone, { timeout: 8000, interval: 5 }).toBe(true);

test('N9: a fault is an event when it comes and when it goes, once over a replug, and the state of what has it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const link = join(folder, 'board');
  const connectorFaults = ['FAULT_OTP_TS_HPWR1_IN'];
  let board = await emulateBoard({ link, bench: constantBench(), connectorFaults });
  onTestFinished(() => board.close());
  const receiver = benchlabReceiver({ ports: [link], rateHz: 50 });
  onTestFinished(() => receiver.stop());
  const heard = new Collected();
  await receiver.start(heard);
  await until(() => heard.events.length === 2);
  expect(told(heard)).toEqual(['live otp_ts_hpwr1_in raised', 'latched otp_ts_hpwr1_in raised']);
  expect(heard.events[0]).toMatchObject({
    source: { id: board.uid, simulated: true },
    definition: { name: 'benchlab.fault.change', level: 'warn' },
    attributes: { 'hw.id': board.uid, 'benchlab.simulated': true },
  });
  expect(heard.samples.map(({ timeNs }) => timeNs)).toContain(heard.events[0]?.timeNs);
  const failed = () =>
    heard
      .readings('hw.status')
      .filter(({ sensor, value }) => sensor.attributes['hw.state'] === 'failed' && value === 1)
      .map(({ sensor }) => sensor.attributes['hw.id']);
  expect(failed()).toEqual([`${board.uid}/fault/otp_ts_hpwr1_in`]);

  const before = heard.samples.length;
  await board.close();
  board = await emulateBoard({ link, bench: constantBench(), connectorFaults });
  await until(() => heard.losses.length > 0 && heard.samples.length > before + 5);
  expect(heard.events).toHaveLength(2);

  board.connectorFaults = [];
  await until(() => heard.events.length === 3);
  expect(told(heard)[2]).toBe('live otp_ts_hpwr1_in cleared');
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
  const heard = new Collected();
  await receiver.start(heard);
  await until(() => new Set(heard.samples.map(({ source }) => source.id)).size === 2);
  boards[1].connectorFaults = ['FAULT_CURRENT_IMBALANCE_HPWR2'];
  await until(() => heard.events.length >= 2);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(new Set(heard.events.map(({ source }) => source.id))).toEqual(new Set([boards[1].uid]));
  expect(heard.events).toHaveLength(2);
});
