import { BenchlabError } from '@benchlab-otel/core';

/** Where artifacts are: a folder, a bucket. */
export interface ArtifactPlace {
  /** For messages: `/var/lib/shop/artifacts`, `s3://bench/artifacts`. */
  readonly name: string;
  /** Begins an object, whose hash is known at its end. */
  begin(): Promise<ArtifactDraft>;
  /** The bytes of an object, unchecked. Rejects with `notStored` where it is not there. */
  read(sha256: string): AsyncIterable<Uint8Array>;
  list(): AsyncIterable<StoredObject>;
  /** Removes an object, unless it is on hold, or was stored once more since it was listed. @returns whether it is gone */
  remove(object: StoredObject): Promise<boolean>;
  holds(): Promise<readonly ArtifactHold[]>;
  /** Undefined where the object is not on hold. */
  holdOf(sha256: string): Promise<ArtifactHold | undefined>;
  setHold(hold: ArtifactHold): Promise<void>;
  removeHold(sha256: string): Promise<void>;
  /** Adds a line to the log of holds. */
  log(line: EvidenceLine): Promise<void>;
}

/** An object that is being written. Its writer ends it by `keep` or `discard`. */
export interface ArtifactDraft {
  write(bytes: Uint8Array): Promise<void>;
  /** All of it is written: it appears at once. @returns `known` where the place had it already */
  keep(sha256: string): Promise<'stored' | 'known'>;
  /** Never rejects. */
  discard(): Promise<void>;
}

/** An object as its place lists it. */
export interface StoredObject {
  /** SHA-256 of its bytes, 64 hexadecimal digits: its name. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** When it was stored for the last time, ms since 1970. */
  readonly storedMs: number;
}

/** Why an object is kept beyond quota and age. */
export interface ArtifactHold {
  readonly sha256: string;
  /** ISO 8601 in UTC. */
  readonly since: string;
  readonly until: string;
  readonly reason: string;
  /** The user of the system that asked for it. */
  readonly by: string;
}

/** A line of the log of holds. */
export interface EvidenceLine extends Omit<ArtifactHold, 'since'> {
  readonly time: string;
  /** `expired`: its time ended, and the object may be removed. */
  readonly action: 'hold' | 'release' | 'expired';
}

export function isSha256(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
}

export function notStored(sha256: string, place: string): BenchlabError {
  const what = `The artifact ${sha256} is not in ${place}.`;
  return new BenchlabError('BAD_OPTION', what, 'Check the hash; age or quota may have removed it.');
}
