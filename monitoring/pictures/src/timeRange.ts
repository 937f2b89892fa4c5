/** The time that a picture shows, in milliseconds since 1970. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Grafana's units of durations; a month and a year have their mean length, which is enough for a picture. */
const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_629_746_000,
  y: 31_556_952_000,
};

/** `15m` in milliseconds. */
export function durationMs(text: string): number {
  const [, count, unit] = text.match(/^(\d+(?:\.\d+)?)(ms|[smhdwMy])$/) ?? [];
  const each = unitMs[unit ?? ''];
  if (each === undefined || Number(count) === 0) {
    throw new RangeError(`"${text}" is not a duration. Write a number and a unit: 30s, 15m, 6h, 7d.`);
  }
  return Number(count) * each;
}

/** A moment as Grafana writes it: `now`, `now-6h`, milliseconds since 1970, or an ISO time. */
export function momentMs(text: string, nowMs: number): number {
  if (text === 'now') return nowMs;
  const [, sign, duration] = text.match(/^now([-+])(.+)$/) ?? [];
  if (duration !== undefined) return nowMs + (sign === '-' ? -1 : 1) * durationMs(duration);
  const moment = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(moment)) {
    throw new RangeError(
      `"${text}" is not a time. Write now, now-6h, 2026-01-31T12:00:00Z, or milliseconds since 1970.`,
    );
  }
  return moment;
}

export function timeRange(from: string, to: string, nowMs: number): TimeRange {
  const range = { fromMs: momentMs(from, nowMs), toMs: momentMs(to, nowMs) };
  if (range.fromMs >= range.toMs) throw new RangeError(`The time from "${from}" to "${to}" is empty or backwards.`);
  return range;
}
