import { open } from 'node:fs/promises';
import { BenchlabError } from '@benchlab-otel/sdk';

/** Makes sure, before anything is started, that `path` can be written later. Creates it when it is absent. */
export async function checkWritable(path: string, option: string): Promise<void> {
  try {
    await (await open(path, 'a')).close();
  } catch (cause) {
    throw new BenchlabError(
      'BAD_OPTION',
      `${option} ${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Name a file in a folder that exists and that you may write to.',
      { cause },
    );
  }
}
