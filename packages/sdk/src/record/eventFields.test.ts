import type { LogEventDefinition } from '@benchlab-otel/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { logEvents } from '../../test/compileVocabulary.ts';
import { Recorder } from '../../test/recorder.ts';
import { eventFields } from './eventFields.ts';

const { compileEnd, verifyBlock } = logEvents;

let recorder: Recorder;
beforeEach(() => {
  recorder = Recorder.start();
});
afterEach(() => recorder.stop());

const fields = (definition: LogEventDefinition, attributes: unknown) =>
  eventFields({ ...definition } as LogEventDefinition, attributes as Record<string, string>);

test('a log event has its name under `event` and its attributes', () => {
  expect(eventFields(compileEnd, { 'backend.name': 'cuda', 'process.exit.code': 0 })).toEqual({
    event: 'compile.end',
    'backend.name': 'cuda',
    'process.exit.code': 0,
  });
  expect(recorder.troubles).toEqual([]);
});

test('a missing or unknown attribute is counted; the line is written all the same', async () => {
  expect(fields(verifyBlock, { 'verify.tool': 'cbmc', event: 'other', text: 'the clause' })).toEqual({
    event: 'verify.block',
    'verify.tool': 'cbmc',
  });
  expect(await recorder.points('benchlab.record.faults')).toEqual({
    '{"benchlab.record.fault":"attribute"}': 2,
    '{"benchlab.record.fault":"missing_attribute"}': 2,
  });
});

test('a line whose attributes cannot be read has only its name', () => {
  const unreadable = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no');
      },
    },
  );
  for (const given of [undefined, null, 7, unreadable]) {
    expect(fields(verifyBlock, given)).toEqual({ event: 'verify.block' });
  }
});
