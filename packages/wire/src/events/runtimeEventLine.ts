import { BenchlabError, isObject } from '@benchlab-otel/core';
import { type CheckedEvent, checkedEvent, isTimestamp, isWord } from './checkedEvent.ts';
import type { WrittenEvent } from './runtimeEvent.ts';

// The format of docs/formats/runtime-event.md, version 1: its writer and its reader.

/** Longest line, bytes. */
export const maxEventLineBytes: number = 64 * 1024;

/** What one line holds; undefined for a blank line. */
export type RuntimeEventLine = CheckedEvent | { readonly reason: string } | undefined;

/**
 * An event as one line of JSON without its end. Big integers become text.
 *
 * @throws BenchlabError when the line is longer than 64 KiB; TypeError for an object that contains itself
 */
export function formatRuntimeEvent(event: WrittenEvent): string {
  const line = JSON.stringify(event, (_name, value) => (typeof value === 'bigint' ? String(value) : value));
  if (Buffer.byteLength(line) <= maxEventLineBytes) return line;
  const what = `The event ${JSON.stringify(event.event)} has more than ${maxEventLineBytes} bytes.`;
  throw new BenchlabError('BAD_OPTION', what, 'Put less into it.');
}

/** The line that a stream has in the place of events that were dropped. */
export function formatDroppedEvents(dropped: number, event: { timestamp: string; component: string }): string {
  return formatRuntimeEvent({ ...event, event: 'dropped', diagnostics: { dropped_events: dropped } });
}

/**
 * Reads one line. Unknown fields are kept. A field of a section that has the wrong type is left out and named in `faults`; a
 * line without time, component or event is refused, and returned with the reason.
 */
export function parseRuntimeEvent(text: string): RuntimeEventLine {
  if (typeof text !== 'string') return { reason: 'not a text' };
  if (text.trim() === '') return undefined;
  const line = parsed(text);
  if (line === undefined) return { reason: 'not a JSON object' };
  const { timestamp, component } = line;
  if (!isTimestamp(timestamp)) return { reason: 'no "timestamp" in UTC' };
  if (!isWord(component)) return { reason: 'no "component" of 1 to 200 characters' };
  return checkedEvent(line, { timestamp, component }) ?? { reason: 'no "event" of 1 to 200 characters' };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
