import { counted } from '@benchlab-otel/analysis';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { shownBytes } from '../sessions/keep/shownBytes.ts';
import { openArtifacts } from './openArtifacts.ts';

interface PruneOptions {
  readonly folder: string;
  readonly days?: number;
  readonly quota?: number;
}

/** `artifacts prune` */
export async function pruneArtifacts(
  { terminal }: CommandHost,
  { folder, days, quota }: PruneOptions,
): Promise<number> {
  const store = openArtifacts(folder, {
    ...(days !== undefined && { maxAgeDays: days }),
    ...(quota !== undefined && { quotaBytes: quota }),
  });
  const { removed, leftBytes, leftObjects } = await store.prune();
  for (const { sha256, sizeBytes } of removed) terminal.out(`removed: ${sha256}, ${shownBytes(sizeBytes)}\n`);
  terminal.out(`${counted(removed.length, 'artifact')} removed; ${leftObjects} left, ${shownBytes(leftBytes)}\n`);
  const isBeyond = quota !== undefined && leftBytes > quota;
  if (isBeyond)
    terminal.err(`benchlab-probe: ${shownBytes(leftBytes - quota)} above the quota: what is left is on hold.\n`);
  return isBeyond ? exitCode.trouble : exitCode.pass;
}
