import { OptionError } from '@benchlab-otel/core';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { printable } from '../report/printable.ts';
import { namedArtifacts, openArtifacts } from './openArtifacts.ts';

interface HoldOptions {
  readonly folder: string;
  readonly until: string;
  readonly reason: string;
}

/** `artifacts hold` */
export async function holdArtifacts(
  { terminal }: CommandHost,
  { folder, until, reason }: HoldOptions,
  words: readonly string[],
): Promise<number> {
  const store = openArtifacts(folder);
  for (const sha256 of await namedArtifacts(store, words)) {
    const hold = await store.hold(sha256, { until, reason }).catch((error: unknown) => {
      throw error instanceof OptionError ? error.named(`--${error.option}`) : error;
    });
    terminal.out(`${sha256}: held until ${hold.until}: ${printable(hold.reason)}\n`);
  }
  return exitCode.pass;
}

/** `artifacts release` */
export async function releaseArtifacts(
  { terminal }: CommandHost,
  { folder, reason }: Omit<HoldOptions, 'until'>,
  words: readonly string[],
): Promise<number> {
  const store = openArtifacts(folder);
  for (const sha256 of await namedArtifacts(store, words)) {
    const wasHeld = await store.release(sha256, { reason });
    terminal.out(`${sha256}: ${wasHeld ? 'released' : 'was not on hold'}\n`);
  }
  return exitCode.pass;
}
