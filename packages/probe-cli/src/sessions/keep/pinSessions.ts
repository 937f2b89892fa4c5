import { BenchlabError } from '@benchlab-otel/core';
import { pinSession } from '@benchlab-otel/session';
import { exitCode } from '../../command/exitCode.ts';
import type { CommandHost } from '../../host/commandHost.ts';
import { printable } from '../../report/printable.ts';

interface PinOptions {
  readonly reason?: string;
  readonly release?: boolean;
}

/** `sessions pin`: retention keeps these sessions, until they are released. */
export async function pinSessions(
  { terminal, clock }: CommandHost,
  { reason, release = false }: PinOptions,
  folders: readonly string[],
): Promise<number> {
  if (!release && reason === undefined) {
    const fix = 'Write --reason TEXT, so that others know why it is kept, or --release.';
    throw new BenchlabError('BAD_OPTION', 'A pin has a reason.', fix);
  }
  for (const folder of folders) {
    await pinSession(folder, release ? undefined : reason, Number(clock.anchor().epochNs / 1_000_000n));
    terminal.out(`${printable(folder)}: ${release ? 'released' : `pinned: ${printable(reason ?? '')}`}\n`);
  }
  return exitCode.pass;
}
