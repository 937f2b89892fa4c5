import { BenchlabError, type PollReport } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { beforeEach, expect, test } from 'vitest';
import { receiverLog } from './receiverLog.ts';

let clock: ManualClock;
let lines: string[];
let polled: (outcome: PollReport['outcome'], receiver?: string) => void;
beforeEach(() => {
  clock = new ManualClock();
  lines = [];
  const line = (level: string) => (fields: { event?: string }, message: string) =>
    lines.push(`${level} ${fields.event} ${message}`);
  const log = receiverLog({ info: line('info'), warn: line('warn') } as never, clock);
  polled = (outcome, receiver = 'benchlab') => {
    const error = new BenchlabError('NO_DEVICE', 'No board is there.', 'Plug one in.');
    log.polled?.({ receiver, outcome, durationNs: 1e6, missed: 0, ...(outcome !== 'success' && { error }) });
  };
});

test('a receiver without a board has one line, and one when there is a board', () => {
  for (let k = 0; k < 5; k++) polled('no_data');
  polled('success');
  polled('success');
  expect(lines).toEqual([
    'warn receiver.silent The receiver benchlab delivers no samples: until it does, its metrics are missing, and so are joules on spans. No board is there. Plug one in.',
    'info receiver.recovered The receiver benchlab delivers samples.',
  ]);
});

test('a receiver that works, or works in part, has none', () => {
  polled('success');
  polled('partial');
  expect(lines).toEqual([]);
});

test('one that fails now and then has a pair of lines a minute; each receiver has its own', () => {
  for (let k = 0; k < 10; k++) {
    polled('failure');
    polled('success');
  }
  expect(lines).toHaveLength(2);
  polled('failure', 'agent');
  expect(lines).toHaveLength(3);
  clock.jumpMs(61_000);
  polled('failure');
  expect(lines).toHaveLength(4);
});
