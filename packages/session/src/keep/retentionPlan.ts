import { numberOption } from '@benchlab-otel/core';
import type { ListedSession } from './sessionList.ts';

/** How long sessions are kept. */
export interface RetentionRules {
  /** Raw lines are removed this long after a session was closed, days. Default 7. */
  readonly rawKeepDays?: number;
  /** All of it is removed then, days. Default 90. */
  readonly days?: number;
  /** The most bytes that all sessions together have: the oldest are removed first. Default: no bound. */
  readonly quotaBytes?: number;
}

/** What is to be removed, and why. */
export interface Removal {
  readonly session: ListedSession;
  /** `raw`: its raw lines. The rows, exports and `session.json` stay. */
  readonly what: 'raw' | 'all';
  readonly bytes: number;
  readonly why: string;
}

/** What is to be removed, in this order, and why the others stay that a rule would have removed. */
export interface RetentionPlan {
  readonly removals: readonly Removal[];
  readonly kept: readonly { readonly session: ListedSession; readonly why: string }[];
  /** Bytes by which the quota is exceeded afterwards: what is left is open or pinned. */
  readonly overQuotaBytes: number;
}

/** As in the seed. */
const [defaultRawDays, defaultDays] = [7, 90];
const msPerDay = 86_400_000;

/**
 * Decides what goes. A session that is open or pinned never does; one that was cut off counts as closed at its last change.
 *
 * @throws OptionError for rules that are not numbers of at least 0
 */
export function retentionPlan(sessions: readonly ListedSession[], rules: RetentionRules, nowMs: number): RetentionPlan {
  const days = numberOption('days', rules.days ?? defaultDays, { least: 0 });
  const rawDays = numberOption('rawKeepDays', rules.rawKeepDays ?? defaultRawDays, { least: 0 });
  const quota = rules.quotaBytes === undefined ? undefined : numberOption('quotaBytes', rules.quotaBytes, { least: 0 });
  const removals = new Map<ListedSession, Removal>();
  const kept = new Map<ListedSession, string>();
  const byAge = sessions.toSorted((a, b) => a.closedMs - b.closedMs || (a.name < b.name ? -1 : 1));
  for (const session of byAge) {
    const ageDays = (nowMs - session.closedMs) / msPerDay;
    const due = dueOf(session, ageDays, days, rawDays);
    if (due === undefined) continue;
    const hold = holdOf(session);
    if (hold === undefined) removals.set(session, due);
    else kept.set(session, hold);
  }
  let left = sessions.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { bytes } of removals.values()) left -= bytes;
  for (const session of byAge) {
    if (quota === undefined || left <= quota) break;
    const before = removals.get(session);
    if (before?.what === 'all') continue;
    const hold = holdOf(session);
    if (hold !== undefined) {
      kept.set(session, hold);
      continue;
    }
    left -= session.bytes - (before?.bytes ?? 0);
    removals.set(session, { session, what: 'all', bytes: session.bytes, why: `the quota of ${quota} bytes` });
  }
  return {
    removals: [...removals.values()],
    kept: [...kept].map(([session, why]) => ({ session, why })),
    overQuotaBytes: quota === undefined ? 0 : Math.max(0, left - quota),
  };
}

function dueOf(session: ListedSession, ageDays: number, days: number, rawDays: number): Removal | undefined {
  const { bytes, rawBytes } = session;
  if (ageDays > days) return { session, what: 'all', bytes, why: `closed ${aged(ageDays)} ago, more than ${days}` };
  if (!(ageDays > rawDays && rawBytes > 0)) return undefined;
  return { session, what: 'raw', bytes: rawBytes, why: `closed ${aged(ageDays)} ago, more than ${rawDays}` };
}

function aged(days: number): string {
  return `${days.toFixed(1)} days`;
}

/** Why a session is never removed. */
function holdOf({ standing, file, problem }: ListedSession): string | undefined {
  if (standing === 'open') return 'it is being recorded';
  if (file?.pinned !== undefined) return `pinned: ${file.pinned.reason}`;
  // It may be pinned, in words that this version does not know.
  if (standing === 'unreadable') return `its session.json cannot be read: ${problem}`;
  return undefined;
}
