import { counted } from '@benchlab-otel/analysis';
import { messageOf } from '@benchlab-otel/core';
import {
  finishRemovals,
  listSessions,
  type Removal,
  type RetentionRules,
  removeSession,
  retentionPlan,
} from '@benchlab-otel/session';
import { exitCode } from '../../command/exitCode.ts';
import type { CommandHost } from '../../host/commandHost.ts';
import { printable } from '../../report/printable.ts';
import { dataRootOf } from '../record/dataRoot.ts';
import { retentionRules } from './retentionRules.ts';
import { shownBytes } from './shownBytes.ts';

export interface PruneOptions extends Omit<RetentionRules, 'quotaBytes'> {
  readonly dataRoot?: string;
  /** Bytes. */
  readonly quota?: number;
  readonly dryRun?: boolean;
}

/** `sessions prune`: removes what the rules name, and prints what and why. */
export async function pruneSessions(host: CommandHost, options: PruneOptions): Promise<number> {
  const { terminal, environment, clock } = host;
  const { dryRun = false } = options;
  const root = dataRootOf(options.dataRoot, environment);
  const nowMs = Number(clock.anchor().epochNs / 1_000_000n);
  const { quota, ...given } = options;
  const rules = retentionRules({ ...given, ...(quota === undefined ? {} : { quotaBytes: quota }) }, environment);
  if (!dryRun) await finishRemovals(root);
  const { removals, kept, overQuotaBytes } = retentionPlan(await listSessions(root), rules, nowMs);
  for (const { session, why } of kept) terminal.out(`kept: ${printable(`${session.name}: ${why}`)}\n`);
  let isWhole = true;
  let freed = 0;
  for (const removal of removals) {
    const problem = dryRun ? undefined : await removeSession(removal).then(() => undefined, messageOf);
    if (problem === undefined) {
      freed += removal.bytes;
      terminal.out(`${dryRun ? 'would remove' : 'removed'}: ${textOf(removal)}\n`);
    } else {
      isWhole = false;
      terminal.err(`benchlab-probe: not removed: ${printable(`${removal.session.name}: ${problem}`)}\n`);
    }
  }
  terminal.out(
    `${counted(removals.length, 'removal')}, ${shownBytes(freed)}${dryRun ? ' would be freed' : ' freed'}\n`,
  );
  if (overQuotaBytes > 0)
    terminal.err(`benchlab-probe: ${shownBytes(overQuotaBytes)} above the quota: what is left is open or pinned.\n`);
  return isWhole && overQuotaBytes === 0 ? exitCode.pass : exitCode.trouble;
}

function textOf({ session, what, bytes, why }: Removal): string {
  const part = what === 'all' ? 'all' : 'the raw lines';
  return printable(`${part} of ${session.name}, ${shownBytes(bytes)}: ${why}`);
}
