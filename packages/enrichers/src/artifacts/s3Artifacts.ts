import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { knownOptions, numberOption, OptionError, type OptionNames, textOption } from '@benchlab-otel/core';
import {
  type ArtifactDraft,
  type ArtifactHold,
  type ArtifactPlace,
  type EvidenceLine,
  isSha256,
  notStored,
  type StoredObject,
} from './artifactPlace.ts';
import { holdOfText, maxHoldBytes, textOfHold } from './holdText.ts';
import { S3Bucket } from './s3Bucket.ts';

/** Which bucket, and how it is reached. Credentials come from the environment or the files of the AWS SDK, and are no option. */
export interface S3ArtifactsOptions {
  readonly bucket: string;
  /** Before the names of objects. Default: `artifacts/`. */
  readonly prefix?: string;
  /** Of a server that is not AWS: `http://127.0.0.1:7070`. Buckets are in the path then. Default: that of the environment. */
  readonly endpoint?: string;
  /** Default: that of the environment, or `us-east-1`. */
  readonly region?: string;
  /** For one request without a body; one with a body has a second more for each MB. Default: 30,000. */
  readonly timeoutMs?: number;
}

const optionNames: OptionNames<S3ArtifactsOptions> = {
  bucket: true,
  prefix: true,
  endpoint: true,
  region: true,
  timeoutMs: true,
};
/** An object that is stored again is written again after this time, so that its age begins again, ms. */
const freshMs = 86_400_000;

/**
 * Keeps artifacts in a bucket of S3, or of a server that speaks its protocol: `PREFIX/HASH`, with holds below `PREFIX/holds/` and their
 * log below `PREFIX/log/`. It needs `@aws-sdk/client-s3`, which the application installs. Content is written to a file of the
 * temporary folder first, because its hash is its name.
 *
 * @throws OptionError for a wrong option
 * @example const artifacts = artifactStore({ place: s3Artifacts({ bucket: 'bench' }) });
 */
export function s3Artifacts(options: S3ArtifactsOptions): ArtifactPlace {
  knownOptions<S3ArtifactsOptions>('s3Artifacts', options, optionNames);
  const { bucket, prefix = 'artifacts/', endpoint, region, timeoutMs = 30_000 } = options ?? {}; // callers without types
  textOption('bucket', bucket);
  if (typeof prefix !== 'string' || !/^(?:(?!\.+\/)[\w.-]+\/)*$/.test(prefix)) {
    throw new OptionError({
      option: 'prefix',
      value: prefix,
      allowed: 'empty, or folders with / at the end: bench/artifacts/',
    });
  }
  if (endpoint !== undefined && !/^https?:\/\/[^/@]+\/?$/.test(endpoint)) {
    const allowed = 'the address of a server without credentials: http://127.0.0.1:7070';
    throw new OptionError({ option: 'endpoint', value: endpoint, allowed, isSecret: true });
  }
  if (region !== undefined) textOption('region', region);
  numberOption('timeoutMs', timeoutMs, { least: 1, most: 3_600_000 });
  const reach = { ...(endpoint !== undefined && { endpoint }), ...(region !== undefined && { region }), timeoutMs };
  return new S3Artifacts(new S3Bucket(bucket, reach), prefix);
}

class S3Artifacts implements ArtifactPlace {
  readonly name: string;
  readonly #bucket: S3Bucket;
  readonly #prefix: string;

  constructor(bucket: S3Bucket, prefix: string) {
    this.name = `s3://${bucket.name}/${prefix}`;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  async begin(): Promise<ArtifactDraft> {
    const folder = await mkdtemp(join(tmpdir(), 'benchlab-artifact-'));
    const path = join(folder, 'object');
    return new S3Draft(this.#bucket, (sha256) => this.#key(sha256), {
      folder,
      path,
      file: await open(path, 'wx', 0o600),
    });
  }

  async *read(sha256: string): AsyncGenerator<Uint8Array> {
    const body = await this.#bucket.get(this.#key(sha256));
    if (body === undefined) throw notStored(sha256, this.name);
    yield* body;
  }

  async *list(): AsyncGenerator<StoredObject> {
    for await (const { key, ...object } of this.#bucket.list(this.#prefix)) {
      const sha256 = key.slice(this.#prefix.length);
      if (isSha256(sha256)) yield { sha256, ...object };
    }
  }

  /** S3 has no step that checks and removes at once: what is held or stored in these milliseconds is lost. Object Lock prevents it. */
  async remove({ sha256, storedMs }: StoredObject): Promise<boolean> {
    const now = await this.#bucket.head(this.#key(sha256));
    if (now === undefined) return true;
    if (now.storedMs > storedMs || (await this.holdOf(sha256)) !== undefined) return false;
    await this.#bucket.remove(this.#key(sha256));
    return true;
  }

  async holds(): Promise<readonly ArtifactHold[]> {
    const all: ArtifactHold[] = [];
    for await (const { key } of this.#bucket.list(this.#key('holds/'))) {
      const sha256 = key.slice(this.#key('holds/').length).replace(/\.json$/, '');
      const hold = isSha256(sha256) ? await this.holdOf(sha256) : undefined;
      if (hold !== undefined) all.push(hold);
    }
    return all;
  }

  async holdOf(sha256: string): Promise<ArtifactHold | undefined> {
    const key = this.#holdKey(sha256);
    const body = await this.#bucket.get(key);
    if (body === undefined) return undefined;
    const parts: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const bytes of body) {
      sizeBytes += bytes.length;
      if (sizeBytes <= maxHoldBytes) parts.push(bytes);
    }
    const text = sizeBytes > maxHoldBytes ? undefined : Buffer.concat(parts).toString('utf8');
    return holdOfText(text, sha256, `s3://${this.#bucket.name}/${key}`);
  }

  setHold(hold: ArtifactHold): Promise<void> {
    return this.#bucket.put(this.#holdKey(hold.sha256), textOfHold(hold));
  }

  removeHold(sha256: string): Promise<void> {
    return this.#bucket.remove(this.#holdKey(sha256));
  }

  /** S3 does not append: each line is an object, in the order of its name. */
  log(line: EvidenceLine): Promise<void> {
    return this.#bucket.put(this.#key(`log/${line.time}-${randomUUID()}.json`), `${JSON.stringify(line)}\n`);
  }

  #key(name: string): string {
    return this.#prefix + name;
  }

  #holdKey(sha256: string): string {
    return this.#key(`holds/${sha256}.json`);
  }
}

interface Scratch {
  readonly folder: string;
  readonly path: string;
  readonly file: FileHandle;
}

class S3Draft implements ArtifactDraft {
  readonly #bucket: S3Bucket;
  readonly #keyOf: (sha256: string) => string;
  readonly #scratch: Scratch;
  #sizeBytes = 0;

  constructor(bucket: S3Bucket, keyOf: (sha256: string) => string, scratch: Scratch) {
    this.#bucket = bucket;
    this.#keyOf = keyOf;
    this.#scratch = scratch;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#scratch.file.writeFile(bytes);
    this.#sizeBytes += bytes.length;
  }

  async keep(sha256: string): Promise<'stored' | 'known'> {
    const key = this.#keyOf(sha256);
    const there = await this.#bucket.head(key);
    const isKnown = there?.sizeBytes === this.#sizeBytes && Date.now() - there.storedMs < freshMs;
    if (!isKnown) {
      const { path } = this.#scratch;
      await this.#bucket.put(key, () => createReadStream(path), { sha256, sizeBytes: this.#sizeBytes });
    }
    await this.discard();
    return isKnown ? 'known' : 'stored';
  }

  async discard(): Promise<void> {
    await this.#scratch.file.close().catch(() => {});
    await rm(this.#scratch.folder, { recursive: true, force: true }).catch(() => {});
  }
}
