import { BenchlabError } from '@benchlab-otel/core';
import type { BoardInfo } from '@benchlab-otel/hw-receivers';
import { type FoundBoards, lookForBoards, type MeterOptions } from './meter.ts';

/**
 * Looks for the boards that are to be read. A named port without a board is an error, even if there are other
 * boards: figures without it would not be those that were asked for.
 *
 * @throws BenchlabError the reason of the first named port that is refused; UNSUPPORTED for two boards of one UID
 */
export async function boardsToRead(wanted: Pick<MeterOptions, 'ports' | 'assumeFirmware'>): Promise<FoundBoards> {
  const found = await lookForBoards(wanted);
  const [first] = found.refused;
  if (wanted.ports.length > 0 && first !== undefined) throw first.error;
  refuseTwins(found.boards);
  return found;
}

/** The UID identifies series, spans and totals: two boards with the same UID would be added up as one. */
function refuseTwins(boards: readonly BoardInfo[]): void {
  const ports = new Map<string, string>();
  for (const { uid, port } of boards) {
    const other = ports.get(uid);
    if (other !== undefined) {
      throw new BenchlabError(
        'UNSUPPORTED',
        `The boards at ${other} and ${port} have the same UID, ${uid}, and cannot be distinguished.`,
        `Read one of them: --port ${other}. Emulated boards get another UID with emulate --serial N.`,
      );
    }
    ports.set(uid, port);
  }
}
