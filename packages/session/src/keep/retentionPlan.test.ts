import { expect, test } from 'vitest';
import { retentionPlan } from './retentionPlan.ts';
import type { ListedSession, SessionStanding } from './sessionList.ts';

const day = 86_400_000;
const nowMs = Date.UTC(2026, 0, 1);
const standings: readonly SessionStanding[] = ['open', 'closed', 'cut off', 'foreign', 'unreadable'];

function session(
  name: string,
  ageDays: number,
  more: Partial<ListedSession> & { readonly pin?: string } = {},
): ListedSession {
  const { pin, ...rest } = more;
  const pinned = pin === undefined ? {} : { pinned: { reason: pin, at: '2025-01-01T00:00:00.000Z' } };
  return {
    folder: `/data/sessions/${name}`,
    name,
    standing: 'closed',
    closedMs: nowMs - ageDays * day,
    bytes: 100,
    rawBytes: 80,
    file: { ...pinned } as NonNullable<ListedSession['file']>,
    ...rest,
  };
}
const removed = (sessions: readonly ListedSession[], rules = {}) =>
  retentionPlan(sessions, rules, nowMs).removals.map(({ session: { name }, what, bytes }) => [name, what, bytes]);

test('raw lines go after 7 days, and all after 90, by the time of the close', () => {
  const sessions = [6.9, 7.1, 89.9, 90.1].map((age) => session(String(age), age));

  expect(removed(sessions)).toEqual([
    ['90.1', 'all', 100],
    ['89.9', 'raw', 80],
    ['7.1', 'raw', 80],
  ]);
  expect(removed(sessions, { rawKeepDays: 14, days: 180 })).toEqual([
    ['90.1', 'raw', 80],
    ['89.9', 'raw', 80],
  ]);
});

test('raw lines that are gone are not removed again', () => {
  expect(removed([session('a', 8, { rawBytes: 0 })])).toEqual([]);
});

test('the oldest go first until the quota holds, and what cannot be removed is stated', () => {
  const sessions = [
    session('new', 1),
    session('old', 3),
    session('pinned', 5, { pin: 'baseline' }),
    session('older', 4),
  ];
  const plan = retentionPlan(sessions, { quotaBytes: 250 }, nowMs);

  expect(plan.removals.map(({ session: { name } }) => name)).toEqual(['older', 'old']);
  expect(plan.kept).toMatchObject([{ session: { name: 'pinned' }, why: 'pinned: baseline' }]);
  expect(retentionPlan(sessions, { quotaBytes: 50 }, nowMs).overQuotaBytes).toBe(50);
});

test('a session of tomorrow, after the clock was set back, stays', () => {
  expect(removed([session('a', -2)])).toEqual([]);
});

test.each([{ days: -1 }, { rawKeepDays: Number.NaN }, { quotaBytes: -5 }])('%j is refused', (rules) => {
  expect(() => retentionPlan([], rules, nowMs)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
});

test('over random ages, sizes and states: what goes is what the rules name, and nothing that is open or pinned', () => {
  let state = 7;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  for (let round = 0; round < 300; round++) {
    const sessions = Array.from({ length: Math.floor(random() * 30) }, (_, k) => {
      const bytes = Math.floor(random() * 1_000);
      return session(`s${k}`, random() * 200 - 5, {
        standing: standings[Math.floor(random() * standings.length)] ?? 'closed',
        bytes,
        rawBytes: Math.floor(random() * bytes),
        ...(random() < 0.2 ? { pin: 'kept' } : {}),
      });
    });
    const rules = { days: random() * 150, rawKeepDays: random() * 60, quotaBytes: random() * 20_000 };
    const { removals, overQuotaBytes } = retentionPlan(sessions, rules, nowMs);
    const byName = new Map(removals.map((removal) => [removal.session.name, removal]));
    const isHeld = ({ standing, file }: ListedSession) =>
      standing === 'open' || standing === 'unreadable' || file?.pinned !== undefined;
    let left = 0;
    for (const each of sessions) {
      const removal = byName.get(each.name);
      const age = (nowMs - each.closedMs) / day;
      if (isHeld(each)) expect(removal).toBeUndefined();
      else if (age > rules.days) expect(removal?.what).toBe('all');
      else if (age > rules.rawKeepDays && each.rawBytes > 0) expect(removal?.what).toMatch(/^(raw|all)$/);
      // What is younger than both goes for the quota alone.
      else if (removal !== undefined) expect(removal.why).toMatch(/^the quota/);
      left += each.bytes - (removal?.bytes ?? 0);
    }
    expect(removals).toHaveLength(byName.size);
    expect(overQuotaBytes).toBeCloseTo(Math.max(0, left - rules.quotaBytes), 6);
    // Nothing went for the quota that was newer than something that stayed without a hold.
    const forQuota = removals.filter(({ why }) => why.startsWith('the quota'));
    const stayed = sessions.filter((each) => !isHeld(each) && byName.get(each.name)?.what !== 'all');
    for (const { session: gone } of forQuota)
      for (const each of stayed) expect(gone.closedMs).toBeLessThanOrEqual(each.closedMs);
  }
});
