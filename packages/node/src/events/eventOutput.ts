import type { Writable } from 'node:stream';
import { type Clock, knownOptions, type SampleConsumer, systemClock, textOption } from '@benchlab-otel/core';
import { formatDroppedEvents, type LineWriter, writeLines } from '@benchlab-otel/wire';
import { diag } from '@opentelemetry/api';
import { within } from '../lifecycle/within.ts';
import { EventStream } from './eventStream.ts';
import { PowerNow } from './powerNow.ts';

/** A file (lines are added to its end), a FIFO, or a stream. */
export type TelemetryOut = string | Writable;

/**
 * Opens where the stream of runtime events goes.
 *
 * @param component of the notice that reports how many events were dropped
 * @param option the name of the option that `out` comes from, for errors
 */
export function eventWriter(out: TelemetryOut, component: string, option = 'telemetryOut'): Promise<LineWriter> {
  return writeLines(out, {
    option,
    notice: (dropped) => formatDroppedEvents(dropped, { timestamp: new Date().toISOString(), component }),
    failed: (error) =>
      diag.error('The stream of runtime events failed. Further events are dropped and counted.', error),
  });
}

/** A stream of runtime events without the rest of the telemetry, for commands. */
export interface OpenEventStream {
  readonly events: Pick<EventStream, 'emit' | 'run' | 'counts'>;
  /** Takes samples. With those of a board, events carry its power. */
  readonly consumer: SampleConsumer;
  /** Writes what it can within `flushEventsMs`. Never rejects. */
  close(): Promise<void>;
}

/** Longest time that a slow reader gets to take the last events at the end, ms. */
export const flushEventsMs = 500;

/**
 * Opens a stream of runtime events. Rejects with BAD_OPTION, which names `from`, when nothing can be written at `out`.
 *
 * @example const stream = await openEventStream('run.jsonl', { component: 'bench', from: '--telemetry-out' });
 */
export async function openEventStream(
  out: TelemetryOut,
  options: { component: string; from?: string; clock?: Clock },
): Promise<OpenEventStream> {
  knownOptions('openEventStream', options, { component: true, from: true, clock: true });
  const { component, from, clock = systemClock } = options ?? {}; // a caller without types may give nothing
  textOption('component', component);
  const writer = await eventWriter(out, component, from);
  const consumer = new PowerNow();
  return {
    events: new EventStream({ writer, component, clock, power: consumer }),
    consumer,
    async close() {
      await within(flushEventsMs, writer.flush());
      await writer.close();
    },
  };
}
