import type { ArtifactPlace, StoredObject } from './artifactPlace.ts';
import type { Evidence } from './evidence.ts';
import { bytesOf, expired, type Retention } from './expired.ts';

/** How often a place is listed while objects are stored, ms: other processes store there too. */
const listMs = 600_000;
/** A place that is full of what is on hold is not listed for each object, ms. */
const fullMs = 10_000;
/** What a full place is brought down to, so that the next object does not list it again. */
const leftShare = 0.9;

/** What a prune has removed and left. */
export interface Pruned {
  readonly removed: readonly StoredObject[];
  /** What is left, with what is on hold. */
  readonly leftBytes: number;
  readonly leftObjects: number;
}

/** Keeps a place within its quota and age. */
export class PlaceRetention {
  readonly #place: ArtifactPlace;
  readonly #evidence: Evidence;
  readonly #bounds: Retention;
  readonly #nowMs: () => number;
  /** What the place holds, as far as it is known here. */
  #bytes = 0;
  #objects = 0;
  #listedMs = -Infinity;

  constructor(place: ArtifactPlace, evidence: Evidence, bounds: Retention, nowMs: () => number) {
    this.#place = place;
    this.#evidence = evidence;
    this.#bounds = bounds;
    this.#nowMs = nowMs;
  }

  /** Called before an object is stored: makes room where there is not any. @returns whether there is room */
  async makeRoom(): Promise<boolean> {
    const ageMs = this.#nowMs() - this.#listedMs;
    if (ageMs > (this.#isFull ? fullMs : listMs)) await this.prune(this.#share(leftShare));
    return !this.#isFull;
  }

  stored(sizeBytes: number): void {
    this.#bytes += sizeBytes;
    this.#objects += 1;
  }

  /**
   * Removes what is too old. Where the place is beyond its quota, the oldest go until it is within `goal`. What is on hold
   * stays, and counts.
   */
  async prune(goal: Retention = this.#bounds): Promise<Pruned> {
    await this.#evidence.expire();
    const held = new Set((await this.#place.holds()).map(({ sha256 }) => sha256));
    const objects: StoredObject[] = [];
    for await (const object of this.#place.list()) objects.push(object);
    const onHold = objects.filter(({ sha256 }) => held.has(sha256));
    const { maxBytes: most, maxObjects: mostObjects } = this.#bounds;
    const isFull = bytesOf(objects) >= most || objects.length >= mostObjects;
    const { maxBytes, maxObjects, maxAgeMs } = isFull ? goal : this.#bounds;
    const bounds = { maxBytes: maxBytes - bytesOf(onHold), maxObjects: maxObjects - onHold.length, maxAgeMs };
    const removed: StoredObject[] = [];
    for (const object of expired(
      objects.filter(({ sha256 }) => !held.has(sha256)),
      bounds,
      this.#nowMs(),
    )) {
      if (await this.#place.remove(object)) removed.push(object);
    }
    this.#bytes = bytesOf(objects) - bytesOf(removed);
    this.#objects = objects.length - removed.length;
    this.#listedMs = this.#nowMs();
    return { removed, leftBytes: this.#bytes, leftObjects: this.#objects };
  }

  get #isFull(): boolean {
    return this.#bytes >= this.#bounds.maxBytes || this.#objects >= this.#bounds.maxObjects;
  }

  #share(share: number): Retention {
    const { maxBytes, maxObjects, maxAgeMs } = this.#bounds;
    return { maxBytes: maxBytes * share, maxObjects: Math.floor(maxObjects * share), maxAgeMs };
  }
}
