import type { VisibleRow } from './rows.ts';

const header = 'time,node,kind,series,outcome,latency_ms,power_w,power_age_ms,energy_j,simulated';

/**
 * Rows as CSV (RFC 4180) with its header. What was not measured is an empty cell. A text that a spreadsheet would run as a
 * formula gets an apostrophe before it.
 */
export function rowsCsv(rows: readonly VisibleRow[]): string {
  const lines = rows.map(({ timeMs, series, outcome, latencyMs, powerWatts, powerAgeMs, energyJoules, isSimulated }) =>
    [
      new Date(timeMs).toISOString(),
      cell(series.node),
      series.kind,
      cell(series.name),
      outcome,
      latencyMs ?? '',
      powerWatts ?? '',
      powerAgeMs ?? '',
      energyJoules ?? '',
      isSimulated,
    ].join(','),
  );
  return `${[header, ...lines].join('\r\n')}\r\n`;
}

/** Characters that begin a formula in spreadsheets (OWASP, "CSV Injection"). */
const formula = /^[=+\-@\t\r]/;

function cell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
