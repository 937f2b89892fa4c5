import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** SHA-256 as 64 hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Keeps what tools wrote, each text once, under its hash: spans and log lines carry the hash. */
export class Artifacts {
  readonly #folder: string;
  readonly #known = new Set<string>();

  /** @param folder is made with the first text */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns the hash; the file of that name has the bytes */
  put(bytes: Uint8Array): string {
    const hash = sha256(bytes);
    if (this.#known.has(hash)) return hash;
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, hash), bytes);
    this.#known.add(hash);
    return hash;
  }
}
