import { counted } from '@benchlab-otel/analysis';
import { unpackSession } from '@benchlab-otel/session';
import { exitCode } from '../../command/exitCode.ts';
import type { CommandHost } from '../../host/commandHost.ts';
import { printable } from '../../report/printable.ts';
import { dataRootOf } from '../record/dataRoot.ts';

interface UnpackOptions {
  readonly dataRoot?: string;
}

/** `sessions unpack`: a session of each archive. */
export async function unpackSessions(
  { terminal, environment }: CommandHost,
  { dataRoot }: UnpackOptions,
  archives: readonly string[],
): Promise<number> {
  for (const archive of archives) {
    const { folder, files } = await unpackSession(archive, dataRootOf(dataRoot, environment));
    terminal.out(`${printable(folder)}: ${counted(files, 'file')} of ${printable(archive)}\n`);
  }
  return exitCode.pass;
}
