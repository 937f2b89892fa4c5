import { expect, test } from 'vitest';
import { formatSessionFile, parseSessionFile, type SessionFile } from './sessionFile.ts';

const session: SessionFile = {
  schema: 'benchlab-otel/session',
  version: 1,
  name: '2025-11-11T14-30-00Z',
  openedAt: '2025-11-11T14:30:00.000Z',
  clocks: [{ timeNs: 81234567890, epochNs: '1762871400000000000', uncertaintyNs: 42 }],
  sources: [{ id: 'benchlab:1', name: 'BENCHLAB', clock: 'monotonic', rateHz: 10, simulated: true }],
  host: { kernel: '6.1.0', gpus: ['RTX 4090'] },
  tags: { driver: '535' },
  comment: '',
  bookmarks: [{ timeNs: 81234567999, name: 'warm' }],
  holes: [],
};

test('what is written is read', () => {
  expect(parseSessionFile(formatSessionFile(session), 'session.json')).toEqual(session);
});

test('fields of a later writer are ignored', () => {
  expect(parseSessionFile(JSON.stringify({ ...session, weather: 'sunny' }), 'session.json')).toEqual(session);
});

test.each<[string, string, RegExp]>([
  ['an empty file', '', /session\.json cannot be read: it is not JSON, or was cut short/],
  ['half a file', formatSessionFile(session).slice(0, 200), /not JSON, or was cut short/],
  ['a list', '[]', /it is wrong: /],
  ['another schema', JSON.stringify({ ...session, schema: 'x' }), /at schema/],
  ['a newer version', JSON.stringify({ ...session, version: 2 }), /at version/],
  ['no clock', JSON.stringify({ ...session, clocks: [] }), /at clocks/],
  ['a time as a text', JSON.stringify({ ...session, clocks: [{ timeNs: '1' }] }), /at clocks\.0\.timeNs/],
  ['a day without a time', JSON.stringify({ ...session, openedAt: '2025-11-11' }), /at openedAt/],
  [
    'an unknown clock',
    JSON.stringify({ ...session, sources: [{ ...session.sources[0], clock: 'tai' }] }),
    /sources\.0\.clock/,
  ],
])('%s is refused with its place', (_, json, message) => {
  expect(() => parseSessionFile(json, 'session.json')).toThrow(expect.objectContaining({ code: 'BAD_REPLY' }));
  expect(() => parseSessionFile(json, 'session.json')).toThrow(message);
});
