import { repairSession } from '@benchlab-otel/session';
import { exitCode } from '../../command/exitCode.ts';
import type { CommandHost } from '../../host/commandHost.ts';
import { printable } from '../../report/printable.ts';
import { namedSession } from '../namedSession.ts';

/** `sessions repair`: makes sessions whole whose recording was cut off. */
export async function repairSessions(
  { terminal, environment }: CommandHost,
  _options: object,
  words: readonly string[],
): Promise<number> {
  for (const word of words) {
    const folder = namedSession(word, environment);
    const repairs = await repairSession(folder);
    const lines = repairs.length === 0 ? ['nothing to repair'] : repairs;
    for (const line of lines) terminal.out(`${printable(`${folder}: ${line}`)}\n`);
  }
  return exitCode.pass;
}
