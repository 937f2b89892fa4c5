import type { Writable } from 'node:stream';
import { OptionError } from '@benchlab-otel/core';
import type { LineSink } from './lineSink.ts';
import { LineWriter, type LineWriterOptions, lineBounds } from './lineWriter.ts';
import { PathSink } from './pathSink.ts';
import { SocketSink } from './socketSink.ts';
import { StreamSink } from './streamSink.ts';

const socketPrefix = 'unix:';

export interface WriteLinesOptions extends LineWriterOptions {
  /** Name of the option that the address comes from, for errors. Default `to`. */
  readonly option?: string;
}

/**
 * Opens where lines are written: a file, to whose end they are added; a FIFO, whose readers come and go; `unix:PATH`, a socket
 * on which another program listens, which may start later and again; or a stream, which stays the caller's. The caller never
 * waits for a reader: see `LineWriter` for the bound and what is dropped beyond it.
 *
 * @throws OptionError for an address at which nothing can be written, or a bound that is not a whole number of at least 1
 * @example
 * const writer = await writeLines('events.jsonl', { notice: (dropped) => JSON.stringify({ dropped }) });
 * writer.push('{"event":"launch"}');
 * await writer.flush();
 * await writer.close();
 */
export async function writeLines(to: string | Writable, options: WriteLinesOptions): Promise<LineWriter> {
  const { option = 'to', ...writerOptions } = options;
  // Checked first, because opening makes the file.
  const bounds = lineBounds(writerOptions);
  return new LineWriter(await sinkOf(to, option), { ...writerOptions, ...bounds });
}

async function sinkOf(to: string | Writable, option: string): Promise<LineSink> {
  if (typeof to === 'string' && to.startsWith(socketPrefix))
    return SocketSink.open(to.slice(socketPrefix.length), option);
  if (typeof to === 'string' && to !== '' && !to.includes('\0')) return await PathSink.open(to, option);
  if (typeof to !== 'string' && typeof to?.write === 'function') return new StreamSink(to);
  throw new OptionError({
    option,
    value: to,
    allowed: 'the path of a file or a FIFO, unix:PATH, or a writable stream',
  });
}
