import type { Writable } from 'node:stream';
import { type Clock, type SampleConsumer, systemClock } from '@benchlab-otel/core';
import { LineWriter, PathSink, StreamSink } from '@benchlab-otel/wire';
import { diag } from '@opentelemetry/api';
import { badSetting } from '../config/environment.ts';
import { within } from '../lifecycle/within.ts';
import { EventStream } from './eventStream.ts';
import { PowerNow } from './powerNow.ts';

/** A file (lines are added to its end), a FIFO, or a stream. */
export type TelemetryOut = string | Writable;

/**
 * Opens where the stream of runtime events goes.
 *
 * @param component of the notice that says how many events were dropped
 * @param from the option, for the error of a path that cannot be written
 */
export async function eventWriter(out: TelemetryOut, component: string, from = 'telemetryOut'): Promise<LineWriter> {
  if (typeof out !== 'string' && typeof out?.write !== 'function') {
    throw badSetting(`${from} is neither a path nor a stream.`, 'Name a file or a FIFO, or give a writable stream.');
  }
  if (out === '') throw badSetting(`${from} is empty.`, 'Name a file or a FIFO.');
  const sink = typeof out === 'string' ? await PathSink.open(out, from) : new StreamSink(out);
  return new LineWriter(sink, {
    notice: (dropped) =>
      JSON.stringify({
        timestamp: new Date().toISOString(),
        component,
        event: 'dropped',
        diagnostics: { dropped_events: dropped },
      }),
    failed: (error) =>
      diag.error('The stream of runtime events takes nothing any more: further events are dropped and counted.', error),
  });
}

/** A stream of runtime events without the rest of the telemetry: for commands. */
export interface OpenEventStream {
  readonly events: Pick<EventStream, 'emit' | 'run' | 'counts'>;
  /** Give it the samples of a board, and events say its power. */
  readonly consumer: SampleConsumer;
  /** Writes what it can within half a second. Never rejects. */
  close(): Promise<void>;
}

/** What a reader gets before its writer goes, ms. */
export const FLUSH_EVENTS_MS = 500;

/**
 * Opens a stream of runtime events. Rejects with BAD_OPTION, which names `from`, where nothing can be written at `out`.
 *
 * @example const stream = await openEventStream('run.jsonl', { component: 'bench', from: '--telemetry-out' });
 */
export async function openEventStream(
  out: TelemetryOut,
  { component, from, clock = systemClock }: { component: string; from?: string; clock?: Clock },
): Promise<OpenEventStream> {
  const writer = await eventWriter(out, component, from);
  const consumer = new PowerNow();
  return {
    events: new EventStream({ writer, component, clock, power: consumer }),
    consumer,
    async close() {
      await within(FLUSH_EVENTS_MS, writer.flush());
      await writer.close();
    },
  };
}
