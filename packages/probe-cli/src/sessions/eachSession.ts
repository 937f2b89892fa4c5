import { counted } from '@benchlab-otel/analysis';
import { partOfSession, type ReadSession, readSession } from '@benchlab-otel/session';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { printable } from '../report/printable.ts';
import { sessionFolders } from './sessionFolders.ts';
import { alignOptions, type SessionOptions } from './sessionOptions.ts';

/**
 * Reads one session after the other, and reports on standard error what could not be read of it. Trouble when something
 * could not.
 */
export async function eachSession(
  { terminal, environment }: CommandHost,
  options: SessionOptions,
  words: readonly string[],
  use: (session: ReadSession, folder: string) => Promise<void> | void,
): Promise<number> {
  let isWhole = true;
  for (const folder of await sessionFolders(words, environment)) {
    const session = partOfSession(await readSession(folder, alignOptions(options)), options);
    const problems = problemsOf(session);
    for (const problem of problems) terminal.err(`benchlab-probe: ${printable(`${folder}: ${problem}`)}\n`);
    isWhole &&= problems.length === 0;
    await use(session, folder);
  }
  return isWhole ? exitCode.pass : exitCode.trouble;
}

function problemsOf({ raw: { refused, cut } }: ReadSession): readonly string[] {
  const more = refused.count - refused.first.length;
  return [
    ...refused.first.map((reason) => `refused: ${reason}`),
    ...(more > 0 ? [`refused: ${counted(more, 'further line')}`] : []),
    ...cut.map((reason) => `cut short: ${reason}`),
  ];
}
