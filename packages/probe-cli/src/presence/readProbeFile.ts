import { BenchlabError, messageOf } from '@benchlab-otel/core';
import type { Finding } from '@benchlab-otel/lint';
import { boundedBytes } from './boundedBytes.ts';
import { maxProbeBytes, parseProbeFile } from './parseProbeFile.ts';
import type { ProbeFile } from './probeFile.ts';

/** The file that is read where the option names none. */
const defaultProbeFile = 'probe.yaml';

/** The file that `--expect` names. */
export function fileOf(option: string | true): string {
  return option === true ? defaultProbeFile : option;
}

/** Mistakes that one error lists; `lint probe` lists all. */
const maxListed = 10;

/**
 * Reads the file of `--expect`.
 *
 * @throws BenchlabError BAD_OPTION with each mistake: its line and column, the key, what is allowed
 */
export async function readProbeFile(path: string): Promise<ProbeFile> {
  const parsed = parseProbeFile(path, await bytesOf(path));
  if ('file' in parsed) return parsed.file;
  const { findings } = parsed;
  const lines = findings.slice(0, maxListed).map((each) => `\n${textOfFinding(each)}`);
  const more = findings.length > maxListed ? `\nand ${findings.length - maxListed} more.` : '';
  const what = `--expect ${path} cannot be used:${lines.join('')}${more}`;
  throw new BenchlabError('BAD_OPTION', what, '\nbenchlab-probe lint probe checks the file alone.');
}

function textOfFinding({ file, line, column, message, fix }: Finding): string {
  return `${file}:${line}${column === undefined ? '' : `:${column}`} ${message} ${fix}`;
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await boundedBytes(path, maxProbeBytes);
  } catch (cause) {
    throw new BenchlabError(
      'BAD_OPTION',
      `--expect ${path} cannot be read: ${messageOf(cause)}.`,
      'Name a file of the form in schema/probe.schema.json; benchlab-probe init -- CMD writes one.',
      { cause },
    );
  }
}
