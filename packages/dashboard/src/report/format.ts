/** What was not measured. */
export const absent = '–';

const units = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Three digits that count: 0.0123, 1.23, 12.3, 123, 1,234. */
export function figure(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return absent;
  const size = Math.abs(value);
  if (size >= 100) return units.format(value);
  if (size === 0) return '0';
  const digits = size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 2 : 3;
  return value.toFixed(digits);
}

export function count(value: number): string {
  return units.format(value);
}

export function withUnit(value: number | undefined, unit: string): string {
  return value === undefined ? absent : `${figure(value)} ${unit}`;
}

export function share(value: number | undefined): string {
  if (value === undefined) return absent;
  // 99.96 % must not look like all.
  return `${value === 1 ? '100' : (Math.floor(value * 1000) / 10).toFixed(1)} %`;
}

/** An age or a length of time: 0.4 s, 12 s, 3 min, 2 h, 5 d. */
export function span(ms: number | undefined): string {
  if (ms === undefined) return absent;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} d`;
}

/** The local day: 2026-11-27. */
export function dayOf(ms: number): string {
  return new Date(ms).toLocaleDateString('sv-SE');
}

export function clockTime(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB', { hour12: false });
}
