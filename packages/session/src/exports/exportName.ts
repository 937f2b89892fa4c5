import type { AlignedPair } from '../align/alignedRows.ts';

/** Characters of the name of a stage in a file name: a file system takes 255 bytes. */
const maxStage = 60;

/**
 * The names of the files of pairs of stages, `ingress_to_encoded.csv`. A character that a file name may not have becomes `_`, and two
 * pairs that would then have one name get `-2`, `-3`.
 *
 * @param extension `.csv`
 */
export function exportNames(pairs: readonly Pick<AlignedPair, 'pair'>[], extension: string): readonly string[] {
  const names: string[] = [];
  for (const { pair } of pairs) {
    const stem = pair.map((stage) => stage.replace(/[^A-Za-z0-9-]/g, '_').slice(0, maxStage)).join('_to_');
    let name = `${stem}${extension}`;
    for (let next = 2; names.includes(name); next++) name = `${stem}-${next}${extension}`;
    names.push(name);
  }
  return names;
}
