import { BenchlabError } from '@benchlab-otel/core';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { prepareOutputFile } from '../run/outputFile.ts';
import { namedArtifacts, openArtifacts } from './openArtifacts.ts';

interface GetOptions {
  readonly folder: string;
  readonly out?: string;
}

/** `artifacts get HASH` */
export async function getArtifact(
  { terminal }: CommandHost,
  { folder, out }: GetOptions,
  words: readonly string[],
): Promise<number> {
  if (words.length > 1) throw new BenchlabError('BAD_OPTION', `${words.length} artifacts were named.`, 'Name one.');
  const store = openArtifacts(folder);
  const [sha256 = ''] = await namedArtifacts(store, words);
  if (out === undefined) {
    terminal.out((await store.get(sha256)).toString('utf8'));
    return exitCode.pass;
  }
  const file = await prepareOutputFile(out, '--out');
  await file.write(store.read(sha256));
  return exitCode.pass;
}
