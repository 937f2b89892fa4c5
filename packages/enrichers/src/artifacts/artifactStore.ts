import {
  createReportOnce,
  type Enricher,
  knownOptions,
  messageOf,
  metric,
  numberOption,
  OptionError,
  type OptionNames,
  type SelfCount,
  textOption,
} from '@benchlab-otel/core';
import type { Span } from '@opentelemetry/api';
import type { ArtifactHold, ArtifactPlace, StoredObject } from './artifactPlace.ts';
import { checkedRead } from './checkedRead.ts';
import { type ArtifactContent, drop, type HeldContent, heldContent } from './content.ts';
import { checkSha256, Evidence, type HoldOptions } from './evidence.ts';
import { folderArtifacts } from './folderArtifacts.ts';
import { PlaceRetention, type Pruned } from './retention.ts';
import { SpanArtifacts } from './spanArtifacts.ts';
import { type StoredArtifact, type StoreLimits, storeObject } from './storeObject.ts';
import { checkMasks, type Masks } from './streamMask.ts';
import { WorkQueue } from './workQueue.ts';

/** Where artifacts are kept, and the bounds of a store. */
export interface ArtifactStoreOptions {
  /** A folder, or `folderArtifacts()` or `s3Artifacts()`. */
  readonly place: string | ArtifactPlace;
  /** What is masked before it is hashed and stored: patterns, and `secrets` for credentials. Default: `['secrets']`. */
  readonly masks?: Masks;
  /** What follows is cut off. Default: 64 MiB. */
  readonly maxObjectBytes?: number;
  /** Bytes of texts and buffers that wait to be stored. Default: 64 MiB. */
  readonly maxWaitingBytes?: number;
  /** Beyond it, the oldest objects are removed. Default: 10 GiB. */
  readonly quotaBytes?: number;
  /** Objects that were not stored again for this time are removed. Default: 90. */
  readonly maxAgeDays?: number;
}

/** Of one content that is given to a store. */
export interface KeepOptions {
  /** The span that it belongs to. Default: the active one. */
  readonly span?: Span;
  /** Instead of those of the store. `[]` for a file whose bytes must stay, as a program. */
  readonly masks?: Masks;
}

/**
 * Keeps what programs write and make, once for each content, under its hash. It is an enricher too: among those of
 * `startTelemetry`, spans get names, hashes and sizes of their artifacts.
 */
export interface ArtifactStore extends Enricher {
  /**
   * Stores content after this returns. Never rejects: what cannot be stored is counted and reported.
   *
   * @param name what it is, on the span: `stdout`
   * @returns undefined where it was not stored
   */
  keep(name: string, content: ArtifactContent, options?: KeepOptions): Promise<StoredArtifact | undefined>;
  /** The bytes of an artifact, after they were checked. Rejects where it is not there or differs from its hash. */
  get(sha256: string): Promise<Buffer>;
  /** The same in pieces, of any size: use nothing of it before its end, which throws where it differs. */
  read(sha256: string): AsyncIterable<Uint8Array>;
  list(): AsyncIterable<StoredObject>;
  /** Keeps an artifact beyond quota and age. Rejects where it is not there, is damaged, or is on hold for longer. */
  hold(sha256: string, options: HoldOptions): Promise<ArtifactHold>;
  /** @returns whether it was on hold */
  release(sha256: string, options: { readonly reason: string }): Promise<boolean>;
  holds(): Promise<readonly ArtifactHold[]>;
  /** Removes what is beyond quota and age at once. It happens by itself while objects are stored. */
  prune(): Promise<Pruned>;
  /** Resolves when all that was given before is stored or given up. */
  flush(): Promise<void>;
}

const optionNames: OptionNames<ArtifactStoreOptions> = {
  place: true,
  masks: true,
  maxObjectBytes: true,
  maxWaitingBytes: true,
  quotaBytes: true,
  maxAgeDays: true,
};

const mib = 2 ** 20;
const dayMs = 86_400_000;
/** Objects of a place: beyond them the list takes too long to read. */
const maxObjects = 100_000;
/** A stream that gives nothing for this time is given up: it would keep its place in the queue, ms. */
const silenceMs = 60_000;
const maxNameLength = 128;

/**
 * A store of artifacts. Content is masked, hashed and written after `keep` has returned, one object after the other.
 *
 * @throws OptionError for a wrong option
 * @example
 * const artifacts = artifactStore({ place: '/var/lib/compiler/artifacts' });
 * await startTelemetry({ enrichers: [artifacts] });
 * withSpan('compile', () => artifacts.keep('stderr', run.stderr));
 */
export function artifactStore(options: ArtifactStoreOptions): ArtifactStore {
  knownOptions<ArtifactStoreOptions>('artifactStore', options, optionNames);
  return new Store(options ?? {});
}

class Store implements ArtifactStore {
  readonly name = 'artifacts';
  readonly #place: ArtifactPlace;
  readonly #limits: StoreLimits;
  readonly #queue: WorkQueue;
  readonly #evidence: Evidence;
  readonly #retention: PlaceRetention;
  readonly #spans = new SpanArtifacts();
  readonly #report = createReportOnce('artifacts');
  readonly #objects = { stored: 0, known: 0, dropped: 0, full: 0, failed: 0 };
  #bytes = 0;

  constructor(options: ArtifactStoreOptions) {
    const { masks = ['secrets'], maxObjectBytes = 64 * mib, maxWaitingBytes = 64 * mib } = options;
    const { quotaBytes = 10_240 * mib, maxAgeDays = 90 } = options;
    this.#place = placeOf(options.place);
    checkMasks('masks', masks);
    const least = { least: 1, isWhole: true };
    numberOption('maxObjectBytes', maxObjectBytes, least);
    numberOption('quotaBytes', quotaBytes, least);
    numberOption('maxAgeDays', maxAgeDays, { least: 0, most: 36_500 });
    this.#limits = { masks, maxObjectBytes, silenceMs };
    this.#queue = new WorkQueue(numberOption('maxWaitingBytes', maxWaitingBytes, least));
    const nowMs = () => Date.now();
    this.#evidence = new Evidence(this.#place, nowMs);
    const bounds = { maxBytes: quotaBytes, maxObjects, maxAgeMs: maxAgeDays * dayMs };
    this.#retention = new PlaceRetention(this.#place, this.#evidence, bounds, nowMs);
  }

  async keep(name: string, content: ArtifactContent, options: KeepOptions = {}): Promise<StoredArtifact | undefined> {
    let done: ((artifact: StoredArtifact | undefined) => void) | undefined;
    let artifact: StoredArtifact | undefined;
    try {
      const { span, masks = this.#limits.masks } = options;
      done = this.#spans.begin(String(name).slice(0, maxNameLength), span);
      checkMasks('masks', masks);
      artifact = await this.#queued(content, { ...this.#limits, masks });
      if (artifact === undefined) this.#lost('dropped', 'too many wait to be stored');
    } catch (error) {
      this.#lost(error instanceof FullError ? 'full' : 'failed', messageOf(error));
    }
    done?.(artifact);
    return artifact;
  }

  async get(sha256: string): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for await (const bytes of this.read(sha256)) parts.push(bytes);
    return Buffer.concat(parts);
  }

  read(sha256: string): AsyncIterable<Uint8Array> {
    checkSha256(sha256);
    return checkedRead(this.#place, sha256);
  }

  list(): AsyncIterable<StoredObject> {
    return this.#place.list();
  }

  hold(sha256: string, options: HoldOptions): Promise<ArtifactHold> {
    return this.#evidence.hold(sha256, options);
  }

  release(sha256: string, { reason }: { readonly reason: string }): Promise<boolean> {
    return this.#evidence.release(sha256, reason);
  }

  holds(): Promise<readonly ArtifactHold[]> {
    return this.#evidence.list();
  }

  prune(): Promise<Pruned> {
    return this.#retention.prune();
  }

  flush(): Promise<void> {
    return this.#queue.idle();
  }

  spanEnded: NonNullable<Enricher['spanEnded']> = (span) => this.#spans.ended(span);

  counts(): readonly SelfCount[] {
    const objects = Object.entries(this.#objects).map(([outcome, value]) => ({
      definition: metric.benchlabArtifactObjects,
      value,
      attributes: { 'benchlab.artifact.outcome': outcome },
    }));
    return [
      ...objects,
      { definition: metric.benchlabArtifactWritten, value: this.#bytes },
      { definition: metric.benchlabArtifactWaiting, value: this.#queue.waitingBytes },
    ];
  }

  shutdown(): Promise<void> {
    return this.flush();
  }

  #queued(content: ArtifactContent, limits: StoreLimits): Promise<StoredArtifact | undefined> {
    const held = heldContent(content, limits.maxObjectBytes);
    const work = () => this.#stored(held, limits);
    if (held.sizeBytes !== undefined) return this.#queue.add(held.sizeBytes, work);
    return this.#queue.stream(work, () => drop(held.source));
  }

  async #stored(content: HeldContent, limits: StoreLimits): Promise<StoredArtifact> {
    if (!(await this.#retention.makeRoom())) {
      drop(content.source);
      throw new FullError('it is full, and what is in it is on hold');
    }
    const artifact = await storeObject(this.#place, content, limits);
    this.#objects[artifact.isKnown ? 'known' : 'stored'] += 1;
    if (artifact.isKnown) return artifact;
    this.#bytes += artifact.sizeBytes;
    this.#retention.stored(artifact.sizeBytes);
    return artifact;
  }

  #lost(outcome: 'dropped' | 'full' | 'failed', why: string): void {
    this.#objects[outcome] += 1;
    this.#report(`an artifact was not stored in ${this.#place.name}: ${why}.`);
  }
}

class FullError extends Error {}

function placeOf(place: unknown): ArtifactPlace {
  if (typeof place === 'string') return folderArtifacts(textOption('place', place));
  const isPlace = typeof place === 'object' && place !== null && 'begin' in place && 'holds' in place;
  if (isPlace) return place as ArtifactPlace; // as folderArtifacts() and s3Artifacts() make it
  throw new OptionError({ option: 'place', value: place, allowed: 'a folder, folderArtifacts() or s3Artifacts()' });
}
