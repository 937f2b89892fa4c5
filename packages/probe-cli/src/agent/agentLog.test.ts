import { BenchlabError, type PollReport, type Source } from '@benchlab-otel/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { AgentLog } from './agentLog.ts';

const board: Source = {
  id: '53494D',
  name: 'BENCHLAB 2 "rig"',
  simulated: true,
  attributes: { 'hw.model': 'BENCHLAB 2' },
};
const noBoard = new BenchlabError('NO_BOARD', 'No BENCHLAB found.', 'Check the cable.');
const sample = (source: Source) => ({ source, timeNs: 1, uncertaintyNs: 0, readings: [] });
const poll = (outcome: PollReport['outcome'], error?: BenchlabError) => ({
  receiver: 'benchlab',
  outcome,
  durationNs: 1,
  missed: 0,
  ...(error && { error }),
});

let nowNs: number;
let lines: unknown[][];
let log: AgentLog;
beforeEach(() => {
  nowNs = 1e9;
  lines = [];
  const logger = {
    info: (fields: object, message: string) => lines.push(['info', fields, message]),
    warn: (fields: object, message: string) => lines.push(['warn', fields, message]),
  };
  log = new AgentLog(logger, () => nowNs);
});

describe('the log of an agent', () => {
  it('logs each source once when it is read, marked when it is simulated, and again after a loss', () => {
    log.sample(sample(board));
    log.sample(sample(board));
    log.lost({ source: board, timeNs: 2, error: noBoard });
    log.sample(sample(board));

    const fields = { 'hw.id': '53494D', 'hw.model': 'BENCHLAB 2', 'benchlab.simulated': true };
    expect(lines).toEqual([
      ['info', fields, 'BENCHLAB 2 "rig" is read. It is simulated.'],
      ['warn', { ...fields, code: 'NO_BOARD' }, 'BENCHLAB 2 "rig" is lost: No BENCHLAB found. Check the cable.'],
      ['info', fields, 'BENCHLAB 2 "rig" is read. It is simulated.'],
    ]);
  });

  it('logs what is missing and why, and does not repeat it for ten minutes', () => {
    for (; nowNs < 1300e9; nowNs += 10e9) log.polled(poll('no_data', noBoard));

    const fields = { 'benchlab.receiver.name': 'benchlab', 'benchlab.poll.outcome': 'no_data', code: 'NO_BOARD' };
    const line = ['info', fields, 'benchlab: No BENCHLAB found. Check the cable.'];
    expect(lines).toEqual([line, line, line]);
  });

  it('warns of failures, and logs nothing for polls that succeeded', () => {
    log.polled(poll('failure', noBoard));
    log.polled(poll('success'));
    expect(lines.map(([level]) => level)).toEqual(['warn']);
  });

  it('remembers a bounded number of troubles', () => {
    for (let k = 0; k < 300; k++) log.polled(poll('failure', new BenchlabError('NO_REPLY', `Port ${k}.`, 'Look.')));
    log.polled(poll('failure', new BenchlabError('NO_REPLY', 'Port 299.', 'Look.')));
    log.polled(poll('failure', new BenchlabError('NO_REPLY', 'Port 0.', 'Look.')));
    expect(lines).toHaveLength(301);
  });
});
