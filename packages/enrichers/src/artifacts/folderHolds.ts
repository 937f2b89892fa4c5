import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from '@benchlab-otel/core';
import { type ArtifactHold, type EvidenceLine, isSha256 } from './artifactPlace.ts';
import { isAbsent, namesIn, syncFolder, writeSynced } from './files.ts';

/** A hold has some hundred bytes. */
const maxHoldBytes = 65_536;

/** The holds of a folder of artifacts, one file each, and their log. */
export class FolderHolds {
  readonly #folder: string;
  readonly #log: string;

  constructor(folder: string) {
    this.#folder = join(folder, 'holds');
    this.#log = join(folder, 'holds.log');
  }

  async all(): Promise<readonly ArtifactHold[]> {
    const all: ArtifactHold[] = [];
    for await (const name of namesIn(this.#folder)) {
      const sha256 = name.replace(/\.json$/, '');
      const hold = isSha256(sha256) ? await this.of(sha256) : undefined;
      if (hold !== undefined) all.push(hold);
    }
    return all;
  }

  /** A file that cannot be read holds its object too: evidence is not lost because a note is damaged. */
  async of(sha256: string): Promise<ArtifactHold | undefined> {
    const path = this.#path(sha256);
    try {
      const { size } = await lstat(path);
      const hold = size > maxHoldBytes ? undefined : holdIn(await readFile(path, 'utf8'), sha256);
      return hold ?? damaged(sha256, path);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async set(hold: ArtifactHold): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#path(hold.sha256);
    const scratch = `${path}.${randomUUID()}`;
    await writeSynced(scratch, `${JSON.stringify(hold)}\n`, 'wx');
    await rename(scratch, path);
    await syncFolder(this.#folder);
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.#path(sha256), { force: true });
  }

  async log(line: EvidenceLine): Promise<void> {
    // One write of one line: those of several processes do not mix (O_APPEND).
    await writeSynced(this.#log, `${JSON.stringify(line)}\n`, 'a');
  }

  #path(sha256: string): string {
    return join(this.#folder, `${sha256}.json`);
  }
}

function holdIn(text: string, sha256: string): ArtifactHold | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(read) || read.sha256 !== sha256) return undefined;
  const { since, until, reason, by } = read;
  if (typeof since !== 'string' || typeof until !== 'string' || Number.isNaN(Date.parse(until))) return undefined;
  if (typeof reason !== 'string' || typeof by !== 'string') return undefined;
  return { sha256, since, until, reason, by };
}

function damaged(sha256: string, path: string): ArtifactHold {
  const always = '9999-12-31T23:59:59.999Z';
  return { sha256, since: '', until: always, reason: `${path} cannot be read: release it, or hold it again`, by: '' };
}
