import { expect, it } from 'vitest';
import { formatDroppedEvents, formatRuntimeEvent, parseRuntimeEvent } from './runtimeEventLine.ts';

const written = { timestamp: '2025-11-11T14:30:00.000Z', component: 'service' };

it('an event is read as it was written, big integers as text', () => {
  const event = { ...written, event: 'launch', diagnostics: { id: 2n ** 60n, exit: 1 }, context: { run: '\u2028"' } };
  const line = formatRuntimeEvent(event);

  expect(line).not.toContain('\n');
  expect(parseRuntimeEvent(line)).toEqual({
    event: { ...event, diagnostics: { id: '1152921504606846976', exit: 1 } },
    faults: [],
  });
});

it('the notice of dropped events is an event', () => {
  expect(parseRuntimeEvent(formatDroppedEvents(7, written))).toEqual({
    event: { ...written, event: 'dropped', diagnostics: { dropped_events: 7 } },
    faults: [],
  });
});

it('an event of more than 64 KiB is refused, counted in bytes', () => {
  const event = (text: string) => ({ ...written, event: 'big', text });
  const room = 64 * 1024 - formatRuntimeEvent(event('')).length;

  expect(formatRuntimeEvent(event('x'.repeat(room)))).toHaveLength(64 * 1024);
  expect(() => formatRuntimeEvent(event('x'.repeat(room + 1)))).toThrow('The event "big" has more than 65536 bytes.');
  expect(() => formatRuntimeEvent(event('ü'.repeat(room - 1)))).toThrow('more than 65536 bytes');
});

it('an object that contains itself is refused', () => {
  const event: Record<string, unknown> = {};
  event.self = event;
  expect(() => formatRuntimeEvent({ ...written, event: 'cyclic', ...event })).toThrow(TypeError);
});

it.each([undefined, null, 7, {}])('a line that is not a text but %j is refused', (line) => {
  expect(parseRuntimeEvent(line as string)).toEqual({ reason: 'not a text' });
});
