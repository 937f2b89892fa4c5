import type { StoredObject } from './artifactPlace.ts';

/** What a place may hold. */
export interface Retention {
  readonly maxBytes: number;
  readonly maxObjects: number;
  readonly maxAgeMs: number;
}

/** What has to go, oldest first: what is too old, and then the oldest until the rest is within the bounds. */
export function expired(
  objects: readonly StoredObject[],
  { maxBytes, maxObjects, maxAgeMs }: Retention,
  nowMs: number,
): readonly StoredObject[] {
  const oldestFirst = [...objects].sort((a, b) => a.storedMs - b.storedMs);
  let bytes = bytesOf(objects);
  let count = objects.length;
  return oldestFirst.filter(({ storedMs, sizeBytes }) => {
    if (nowMs - storedMs <= maxAgeMs && bytes <= maxBytes && count <= maxObjects) return false;
    bytes -= sizeBytes;
    count -= 1;
    return true;
  });
}

export function bytesOf(objects: readonly StoredObject[]): number {
  return objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
