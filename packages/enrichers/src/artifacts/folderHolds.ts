import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArtifactHold, type EvidenceLine, isSha256 } from './artifactPlace.ts';
import { isAbsent, namesIn, syncFolder, writeSynced } from './files.ts';
import { holdOfText, maxHoldBytes, textOfHold } from './holdText.ts';

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

  async of(sha256: string): Promise<ArtifactHold | undefined> {
    const path = this.#path(sha256);
    try {
      const { size } = await lstat(path);
      return holdOfText(size > maxHoldBytes ? undefined : await readFile(path, 'utf8'), sha256, path);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async set(hold: ArtifactHold): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#path(hold.sha256);
    const scratch = `${path}.${randomUUID()}`;
    await writeSynced(scratch, textOfHold(hold), 'wx');
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
