import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rename, rm, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { textOption } from '@benchlab-otel/core';
import {
  type ArtifactDraft,
  type ArtifactHold,
  type ArtifactPlace,
  type EvidenceLine,
  isSha256,
  notStored,
  type StoredObject,
} from './artifactPlace.ts';
import { isAbandoned, isAbsent, namesIn, syncFolder } from './files.ts';
import { FolderHolds } from './folderHolds.ts';

const readBytes = 256 * 1024;
/** Ends the name of an object that is being removed. */
const removing = '.removing';

/**
 * Keeps artifacts as files of a folder, each under its SHA-256, for the user alone that runs the program. Several processes may
 * use one folder at a time. A file appears when it is whole and on the disk.
 *
 * @throws OptionError when the folder is not a text
 * @example const artifacts = artifactStore({ place: folderArtifacts('/var/lib/shop/artifacts') });
 */
export function folderArtifacts(folder: string): ArtifactPlace {
  textOption('folder', folder);
  return new FolderArtifacts(resolve(folder));
}

class FolderArtifacts implements ArtifactPlace {
  readonly name: string;
  readonly #holds: FolderHolds;
  readonly #scratch: string;

  constructor(folder: string) {
    this.name = folder;
    this.#holds = new FolderHolds(folder);
    this.#scratch = join(folder, 'scratch');
  }

  async begin(): Promise<ArtifactDraft> {
    await mkdir(this.#scratch, { recursive: true, mode: 0o700 });
    const path = join(this.#scratch, `${process.pid}-${randomUUID()}`);
    return new FolderDraft(await open(path, 'wx', 0o600), path, (sha256) => this.#path(sha256));
  }

  async *read(sha256: string): AsyncGenerator<Uint8Array> {
    let file: FileHandle;
    try {
      file = await open(this.#path(sha256), constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch (error) {
      throw isAbsent(error) ? notStored(sha256, this.name) : error;
    }
    try {
      for (;;) {
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(readBytes), 0, readBytes);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  async *list(): AsyncGenerator<StoredObject> {
    await this.#tidy();
    for await (const sha256 of namesIn(this.name)) {
      if (!isSha256(sha256)) continue;
      const stat = await lstat(this.#path(sha256)).catch(() => undefined);
      if (stat?.isFile()) yield { sha256, sizeBytes: stat.size, storedMs: stat.mtimeMs };
    }
  }

  /** Under another name first: what is put on hold or stored meanwhile is found, and gets its name again. */
  async remove({ sha256, storedMs }: StoredObject): Promise<boolean> {
    const path = this.#path(sha256);
    const aside = path + removing;
    try {
      await rename(path, aside);
      const { mtimeMs } = await lstat(aside);
      if (mtimeMs > storedMs || (await this.holdOf(sha256)) !== undefined) {
        await rename(aside, path);
        return false;
      }
      await rm(aside, { force: true });
      return true;
    } catch (error) {
      // Another process has removed it.
      if (isAbsent(error)) return true;
      throw error;
    }
  }

  holds(): Promise<readonly ArtifactHold[]> {
    return this.#holds.all();
  }

  holdOf(sha256: string): Promise<ArtifactHold | undefined> {
    return this.#holds.of(sha256);
  }

  setHold(hold: ArtifactHold): Promise<void> {
    return this.#holds.set(hold);
  }

  removeHold(sha256: string): Promise<void> {
    return this.#holds.remove(sha256);
  }

  log(line: EvidenceLine): Promise<void> {
    return this.#holds.log(line);
  }

  #path(sha256: string): string {
    return join(this.name, sha256);
  }

  /** What processes left that were killed while they wrote or removed. */
  async #tidy(): Promise<void> {
    for await (const name of namesIn(this.#scratch)) {
      const path = join(this.#scratch, name);
      if (await isAbandoned(path)) await rm(path, { force: true });
    }
    for await (const name of namesIn(this.name)) {
      const path = join(this.name, name);
      if (name.endsWith(removing) && (await isAbandoned(path))) await rename(path, path.slice(0, -removing.length));
    }
  }
}

class FolderDraft implements ArtifactDraft {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #pathOf: (sha256: string) => string;
  #sizeBytes = 0;

  constructor(file: FileHandle, path: string, pathOf: (sha256: string) => string) {
    this.#file = file;
    this.#path = path;
    this.#pathOf = pathOf;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#file.writeFile(bytes);
    this.#sizeBytes += bytes.length;
  }

  async keep(sha256: string): Promise<'stored' | 'known'> {
    const target = this.#pathOf(sha256);
    if (await this.#isThere(target)) {
      await this.discard();
      return 'known';
    }
    await this.#file.sync();
    await this.#file.close();
    // Another process may have stored the same bytes meanwhile: these take their place.
    await rename(this.#path, target);
    await syncFolder(join(target, '..'));
    return 'stored';
  }

  async discard(): Promise<void> {
    await this.#file.close().catch(() => {});
    await rm(this.#path, { force: true }).catch(() => {});
  }

  /** It counts as stored now. One of another size was damaged on the disk, and is replaced. */
  async #isThere(path: string): Promise<boolean> {
    const now = new Date();
    try {
      const stat = await lstat(path);
      if (!stat.isFile() || stat.size !== this.#sizeBytes) return false;
      await utimes(path, now, now);
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }
}
