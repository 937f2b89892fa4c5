import { BenchlabError } from '@benchlab-otel/core';
import type { LatencyRow } from '@benchlab-otel/wire';
import { z } from 'zod';

/** One event of a trace, version 1 of docs/formats/trace.md: metadata, a slice, a value of a counter. */
export type TraceEvent =
  | { ph: 'M'; name: 'process_name' | 'thread_name'; pid: number; tid: number; args: { name: string } }
  | {
      ph: 'X';
      name: string;
      cat: 'stage';
      pid: number;
      tid: number;
      ts: number;
      dur: number;
      args: LatencyRow;
    }
  | { ph: 'C'; name: string; cat: 'sensor'; pid: number; tid: number; ts: number; args: Record<string, number> };

/** A trace as `traceFile` writes it. */
export interface Trace {
  readonly session: string;
  readonly comment: string;
  readonly events: readonly TraceEvent[];
  /** The rows of its slices, in the order of the file. */
  readonly rows: readonly LatencyRow[];
}

/** The schema of a trace: what Chrome's format allows, and of it what this package writes. */
export function traceSchema(): z.ZodType<{
  displayTimeUnit: 'ms';
  otherData: { schema: 'benchlab-otel/trace'; version: 1; session: string; comment: string };
  traceEvents: TraceEvent[];
}> {
  const id = z.number().int().min(0);
  const amount = z.number().min(0);
  const row = z.strictObject({
    timeNs: amount,
    pair: z.tuple([z.string().min(1), z.string().min(1)]),
    latencyMs: amount,
    uncertaintyMs: amount,
    pairing: z.enum(['frame', 'trace', 'fifo']),
    frameId: z.string().exactOptional(),
    traceId: z.string().exactOptional(),
    powerWatts: z.number().exactOptional(),
    powerStderrWatts: amount.exactOptional(),
    powerAgeMs: amount.exactOptional(),
    energyJoules: z.number().exactOptional(),
    simulated: z.literal(true).exactOptional(),
  });
  const metadata = z.strictObject({
    ph: z.literal('M'),
    name: z.enum(['process_name', 'thread_name']),
    pid: id,
    tid: id,
    args: z.strictObject({ name: z.string() }),
  });
  const slice = z.strictObject({
    ph: z.literal('X'),
    name: z.string(),
    cat: z.literal('stage'),
    pid: id,
    tid: id,
    ts: amount.describe('µs since the first frame entered its first stage'),
    dur: amount.describe('µs'),
    args: row,
  });
  const counter = z.strictObject({
    ph: z.literal('C'),
    name: z.string(),
    cat: z.literal('sensor'),
    pid: id,
    tid: id,
    // Sensors begin before the first frame.
    ts: z.number(),
    args: z.record(z.string(), z.number()),
  });
  return z.strictObject({
    displayTimeUnit: z.literal('ms'),
    otherData: z.strictObject({
      schema: z.literal('benchlab-otel/trace'),
      version: z.literal(1),
      session: z.string(),
      comment: z.string(),
    }),
    traceEvents: z.array(z.discriminatedUnion('ph', [metadata, slice, counter])),
  });
}

/**
 * Reads a trace that `traceFile` wrote: its rows are those that were written, number by number.
 *
 * @throws BenchlabError BAD_REPLY with the place and the reason for another text
 */
export function parseTrace(json: string): Trace {
  const read = traceSchema().safeParse(parsed(json));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw wrong(`it is wrong at ${issue?.path.join('.') || 'its root'}: ${issue?.message}`);
  }
  const { otherData, traceEvents } = read.data;
  const rows = traceEvents.flatMap((event) => (event.ph === 'X' ? [event.args] : []));
  return { session: otherData.session, comment: otherData.comment, events: traceEvents, rows };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw wrong('it is not JSON, or was cut short');
  }
}

function wrong(why: string): BenchlabError {
  const fix = 'benchlab-probe sessions export --format trace writes it again.';
  return new BenchlabError('BAD_REPLY', `The trace cannot be read: ${why}.`, fix);
}
