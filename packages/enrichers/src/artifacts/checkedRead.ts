import { createHash } from 'node:crypto';
import { BenchlabError } from '@benchlab-otel/core';
import type { ArtifactPlace } from './artifactPlace.ts';

/**
 * The bytes of an object in pieces. Its end throws where they are not those of its hash, so a reader must not use them before.
 *
 * @throws BenchlabError where the object is not there, or differs from its hash
 */
export async function* checkedRead(place: ArtifactPlace, sha256: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const bytes of place.read(sha256)) {
    hash.update(bytes);
    sizeBytes += bytes.length;
    yield bytes;
  }
  const found = hash.digest('hex');
  if (found === sha256) return;
  const what = `The artifact ${sha256} in ${place.name} is damaged: its ${sizeBytes} bytes have the SHA-256 ${found}.`;
  throw new BenchlabError('UNSUPPORTED', what, 'Take it from a backup, or make and store it again.');
}
