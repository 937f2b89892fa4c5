import type { Dashboard } from '../model/dashboard.ts';

/** A frame or run as `GET /api/live` gives it. `null`: it was not measured. */
export interface LiveRow {
  /** From the first fact of the session to this one, s. */
  readonly t: number;
  readonly lat_ms: number;
  readonly power_w: number | null;
}

/** Rows of an answer. */
const mostRows = 300;

/** The newest 300 frames and runs with a latency, oldest first. */
export function liveRows(dashboard: Dashboard, nowMs: number): { readonly rows: readonly LiveRow[] } {
  const { startMs, rows } = dashboard.newestRows(mostRows, nowMs);
  return {
    rows: rows.map(({ timeMs, latencyMs = 0, powerWatts }) => ({
      t: (timeMs - startMs) / 1000,
      lat_ms: latencyMs,
      power_w: powerWatts ?? null,
    })),
  };
}
