import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { BenchlabError, messageOf } from '@benchlab-otel/core';

/** Bytes of a segment after it was unpacked, as a multiple of its size on the disk: JSON Lines of a bench reach 20. */
const maxRatio = 200;
const segment = /\.jsonl(?:\.gz)?$/;

/**
 * The names of `*.jsonl` and `*.jsonl.gz` in the folder `raw` of a session, sorted.
 *
 * @throws BenchlabError BAD_OPTION when the folder has no such file
 */
export async function segmentNames(folder: string): Promise<readonly string[]> {
  const fix = 'Name the folder of a session, which has raw/*.jsonl.';
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new BenchlabError('BAD_OPTION', `${folder} cannot be read: ${messageOf(cause)}.`, fix, { cause });
  });
  // A link could lead out of the session.
  const names = entries.filter((entry) => entry.isFile() && segment.test(entry.name)).map(({ name }) => name);
  if (names.length === 0) throw new BenchlabError('BAD_OPTION', `${folder} has no lines.`, fix);
  return names.sort();
}

/** The bytes of a segment, unpacked. Throws where it is cut, and when it unpacks to too much. */
export async function* segmentBytes(path: string): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  let [packed, unpacked] = [0, 0];
  file.on('data', (chunk) => {
    packed += chunk.length;
  });
  const gunzip = path.endsWith('.gz') ? createGunzip() : undefined;
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
