import { basename, join, resolve } from 'node:path';
import { counted } from '@benchlab-otel/analysis';
import { packSession } from '@benchlab-otel/session';
import { exitCode } from '../../command/exitCode.ts';
import type { CommandHost } from '../../host/commandHost.ts';
import { printable } from '../../report/printable.ts';
import { shownBytes } from '../keep/shownBytes.ts';
import { namedSession } from '../namedSession.ts';

interface PackOptions {
  readonly out?: string;
}

/** `sessions pack`: an archive of each session. */
export async function packSessions(
  { terminal, environment }: CommandHost,
  { out = '.' }: PackOptions,
  words: readonly string[],
): Promise<number> {
  for (const word of words) {
    const given = namedSession(word, environment);
    const folder = resolve(given);
    const path = join(out, `${basename(folder)}.tar.gz`);
    const { files, bytes, leftOut } = await packSession(folder, path);
    terminal.out(`${printable(path)}: ${counted(files, 'file')}, ${shownBytes(bytes)}\n`);
    for (const each of leftOut) terminal.err(`benchlab-probe: left out: ${printable(`${given}/${each}`)}\n`);
  }
  return exitCode.pass;
}
