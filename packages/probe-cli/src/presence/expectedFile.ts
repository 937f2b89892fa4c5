import type { ProbeFile } from './probeFile.ts';

/**
 * The file of `--expect`. The readers of YAML and of schemas are loaded where a file is named: other runs start without them.
 *
 * @throws BenchlabError BAD_OPTION with each mistake of the file
 */
export async function expectedFile(expect: string | true | undefined): Promise<ProbeFile | undefined> {
  if (expect === undefined) return undefined;
  const { fileOf, readProbeFile } = await import('./readProbeFile.ts');
  return readProbeFile(fileOf(expect));
}
