import { BenchlabError } from '@benchlab-otel/core';
import { pinSession } from '@benchlab-otel/session';
import { exitCode } from '../../command/exitCode.ts';
import type { CommandHost } from '../../host/commandHost.ts';
import { printable } from '../../report/printable.ts';
import { namedSession } from '../namedSession.ts';

interface PinOptions {
  readonly reason?: string;
  readonly release?: boolean;
}

/** `sessions pin`: retention keeps these sessions, until they are released. */
export async function pinSessions(
  { terminal, clock, environment }: CommandHost,
  { reason, release = false }: PinOptions,
  words: readonly string[],
): Promise<number> {
  if (!release && reason === undefined) {
    const fix = 'Write --reason TEXT, so that others know why it is kept, or --release.';
    throw new BenchlabError('BAD_OPTION', 'A pin has a reason.', fix);
  }
  for (const word of words) {
    const folder = namedSession(word, environment);
    await pinSession(folder, release ? undefined : reason, Number(clock.anchor().epochNs / 1_000_000n));
    terminal.out(`${printable(folder)}: ${release ? 'released' : `pinned: ${printable(reason ?? '')}`}\n`);
  }
  return exitCode.pass;
}
