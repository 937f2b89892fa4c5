import { repairSession } from '@benchlab-otel/session';
import { exitCode } from '../../command/exitCode.ts';
import type { CommandHost } from '../../host/commandHost.ts';
import { printable } from '../../report/printable.ts';

/** `sessions repair`: makes sessions whole whose recording was cut off. */
export async function repairSessions(
  { terminal }: CommandHost,
  _options: object,
  folders: readonly string[],
): Promise<number> {
  for (const folder of folders) {
    const repairs = await repairSession(folder);
    const lines = repairs.length === 0 ? ['nothing to repair'] : repairs;
    for (const line of lines) terminal.out(`${printable(`${folder}: ${line}`)}\n`);
  }
  return exitCode.pass;
}
