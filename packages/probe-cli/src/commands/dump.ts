import { counted } from '@benchlab-otel/analysis';
import { BenchlabError } from '@benchlab-otel/core';
import { dumpBoard } from '@benchlab-otel/hw-receivers';
import { lookForBoards, noBoard } from '../run/meter.ts';
import { prepareOutputFile } from '../run/outputFile.ts';
import type { Terminal } from './terminal.ts';

export interface DumpOptions {
  readonly port?: string;
  readonly out: string;
  readonly frames: number;
  readonly redactUid?: boolean;
}

/** `benchlab-probe dump`: what one board says, byte for byte, in a file for a report. */
export async function dump(options: DumpOptions, terminal: Terminal): Promise<number> {
  const file = await prepareOutputFile(options.out, '--out');
  const port = options.port ?? (await onlyPort());
  const { frames, redactUid = false } = options;
  const found = await dumpBoard(port, { frames, redactUid });
  const report = { schema: 'benchlab-probe/dump', schemaVersion: 1, node: process.version, ...found };
  await file.write(`${JSON.stringify(report, undefined, 1)}\n`);
  const { product, firmware, isPublished, simulated, roundTripMs, changed } = found;
  const read = found.frames.length;
  terminal.out(
    [
      `${product}, firmware ${firmware}${isPublished ? '' : ' (its layout is not published: frames are kept, not decoded)'}${simulated ? ', simulated' : ''}`,
      `${counted(read, 'frame')}, ${changed} of ${read - 1} differ from the one before; round trip p50 ${roundTripMs.p50} ms, p99 ${roundTripMs.p99} ms`,
      `written to ${options.out}${redactUid ? '' : '; it holds the UID of the board, which --redact-uid leaves out'}`,
      '',
    ].join('\n'),
  );
  return 0;
}

/** A board of unpublished firmware is refused by who reads, and is what a dump is for. */
async function onlyPort(): Promise<string> {
  const { boards, refused } = await lookForBoards({ ports: [] });
  const ports = [
    ...boards.map(({ port }) => port),
    ...refused.flatMap(({ port, error }) => (error.code === 'UNKNOWN_FIRMWARE' ? [port] : [])),
  ];
  const [port] = ports;
  if (port === undefined) throw noBoard(refused);
  if (ports.length === 1) return port;
  throw new BenchlabError(
    'BAD_OPTION',
    `There are ${ports.length} boards: ${ports.join(', ')}.`,
    'Name one with --port.',
  );
}
