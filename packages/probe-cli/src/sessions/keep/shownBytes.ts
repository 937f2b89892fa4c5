const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `1.23 GB`: powers of 1,000. */
export function shownBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${power === 0 ? bytes : (bytes / 1_000 ** power).toPrecision(3)} ${units[power]}`;
}
