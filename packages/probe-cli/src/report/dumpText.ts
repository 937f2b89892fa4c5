import { counted } from '@benchlab-otel/analysis';
import type { BoardDump } from '@benchlab-otel/hw-receivers';
import { printable } from './printable.ts';

/** What is in a dump: the board, how many frames, how fast it answers. */
export function dumpText({
  product,
  firmware,
  isPublished,
  simulated,
  roundTripMs,
  changed,
  frames,
}: BoardDump): string {
  const layout = isPublished ? '' : ' (its layout is not published: frames are kept, not decoded)';
  const differing = `${counted(frames.length, 'frame')}, ${changed} of ${frames.length - 1} differ from the one before`;
  return [
    `${printable(product)}, firmware ${firmware}${layout}${simulated ? ', simulated' : ''}`,
    `${differing}; round trip p50 ${roundTripMs.p50} ms, p99 ${roundTripMs.p99} ms`,
  ].join('\n');
}
