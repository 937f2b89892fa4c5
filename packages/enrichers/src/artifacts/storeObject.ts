import { createHash } from 'node:crypto';
import type { ArtifactPlace } from './artifactPlace.ts';
import { drop, type HeldContent, partsOf } from './content.ts';
import { type Masks, StreamMask } from './streamMask.ts';

/** Content that is in a store. */
export interface StoredArtifact {
  /** SHA-256 of the stored bytes, in hex: what `get` takes. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** What followed the largest size was left out. */
  readonly isCut: boolean;
  /** The place had it already. */
  readonly isKnown: boolean;
}

export interface StoreLimits {
  readonly maxObjectBytes: number;
  readonly masks: Masks;
  /** A stream that gives nothing for this time is given up, ms. */
  readonly silenceMs: number;
}

/**
 * Streams content into a place: masked, then cut, then hashed. What is cut off ends what is stored at a place where every match
 * before it is known.
 */
export async function storeObject(
  place: ArtifactPlace,
  { source, isBeginning }: HeldContent,
  { maxObjectBytes, masks, silenceMs }: StoreLimits,
): Promise<StoredArtifact> {
  const mask = new StreamMask(masks);
  const hash = createHash('sha256');
  const draft = await place.begin().catch((error: unknown) => {
    drop(source);
    throw error;
  });
  let sizeBytes = 0;
  let isCut = isBeginning;
  const take = async (bytes: Buffer): Promise<boolean> => {
    const kept = bytes.subarray(0, maxObjectBytes - sizeBytes);
    isCut ||= kept.length < bytes.length;
    if (kept.length > 0) {
      sizeBytes += kept.length;
      hash.update(kept);
      await draft.write(kept);
    }
    return kept.length < bytes.length;
  };
  try {
    for await (const part of partsOf(source, silenceMs)) {
      if (await take(mask.push(part))) break;
    }
    // What waits at a cut may be a part of a match.
    if (!isCut) await take(mask.end());
    const sha256 = hash.digest('hex');
    const isKnown = (await draft.keep(sha256)) === 'known';
    return { sha256, sizeBytes, isCut, isKnown };
  } catch (error) {
    await draft.discard();
    throw error;
  }
}
