import { statSync } from 'node:fs';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { type ArtifactStore, type ArtifactStoreOptions, artifactStore } from '@benchlab-otel/enrichers';

/** The store of a folder that is there. @throws BenchlabError where it is not: a misspelt path would be an empty store */
export function openArtifacts(folder: string, options: Omit<ArtifactStoreOptions, 'place'> = {}): ArtifactStore {
  try {
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder');
  } catch (cause) {
    const fix = 'Name the folder of a store with --folder.';
    throw new BenchlabError('BAD_OPTION', `${folder} has no artifacts: ${messageOf(cause)}.`, fix, { cause });
  }
  return artifactStore({ place: folder, ...options });
}

/** Fewer digits could be meant otherwise. */
const leastDigits = 6;

/**
 * The whole hashes of artifacts that are named by their first digits.
 *
 * @throws BenchlabError for a word that is not the beginning of exactly one
 */
export async function namedArtifacts(store: ArtifactStore, words: readonly string[]): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const { sha256 } of store.list()) all.push(sha256);
  return words.map((word) => {
    const found =
      /^[0-9a-f]+$/.test(word) && word.length >= leastDigits ? all.filter((each) => each.startsWith(word)) : [];
    const [first] = found;
    if (first !== undefined && found.length === 1) return first;
    const what =
      found.length > 1
        ? `${found.length} artifacts begin with ${word}`
        : `No artifact is named ${JSON.stringify(word.slice(0, 80))}`;
    const fix = `Write at least ${leastDigits} of the first digits of one; artifacts list has them.`;
    throw new BenchlabError('BAD_OPTION', `${what}.`, fix);
  });
}
