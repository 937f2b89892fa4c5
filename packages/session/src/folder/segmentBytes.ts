import { createGunzip } from 'node:zlib';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { type OpenSegment, openSegments } from './segments.ts';

/** Bytes of a segment after it was unpacked, as a multiple of its size on the disk: JSON Lines of a bench reach 20. */
const maxRatio = 200;

/**
 * Reads all segments of the folder `raw` of a session, one after the other, as they were at one moment.
 *
 * @throws BenchlabError BAD_OPTION when the folder has no lines
 */
export async function eachSegment(folder: string, read: (segment: OpenSegment) => Promise<void>): Promise<void> {
  const fix = 'Name the folder of a session, which has raw/*.jsonl.';
  const segments = await openSegments(folder).catch((cause: unknown) => {
    throw new BenchlabError('BAD_OPTION', `${folder} cannot be read: ${messageOf(cause)}.`, fix, { cause });
  });
  if (segments.length === 0) throw new BenchlabError('BAD_OPTION', `${folder} has no lines.`, fix);
  try {
    for (const segment of segments) await read(segment);
  } finally {
    await Promise.all(segments.map(({ handle }) => handle.close().catch(() => undefined)));
  }
}

/** The bytes of a segment, unpacked. Throws where it is cut, and when it unpacks to too much. */
export async function* segmentBytes({ name, handle }: OpenSegment): AsyncGenerator<Uint8Array> {
  const file = handle.createReadStream({ start: 0 });
  let [packed, unpacked] = [0, 0];
  file.on('data', (chunk) => {
    packed += chunk.length;
  });
  const gunzip = name.endsWith('.gz') ? createGunzip() : undefined;
  // Without this, an error of the file would not reach the reader of the unpacked bytes.
  file.on('error', (error) => gunzip?.destroy(error));
  const bytes: AsyncIterable<Uint8Array> = gunzip === undefined ? file : file.pipe(gunzip);
  try {
    for await (const chunk of bytes) {
      unpacked += chunk.length;
      if (gunzip !== undefined && unpacked > maxRatio * Math.max(packed, 65_536)) {
        throw new Error('it unpacks to too much');
      }
      yield chunk;
    }
  } finally {
    file.destroy();
  }
}
