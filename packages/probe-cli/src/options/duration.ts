/** Nanoseconds in each unit of time that the command line knows. */
const nsPerUnit: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** `500ms`, `20s`, `5m`, `1h` in milliseconds. Throws a RangeError that names the option. */
export function parseDurationMs(text: string, option: string): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)$/.exec(text.trim());
  const ms = match === null ? Number.NaN : (Number(match[1]) * (nsPerUnit[match[2] ?? ''] ?? Number.NaN)) / 1e6;
  if (!(ms > 0 && ms <= longestMs)) {
    throw new RangeError(
      `${option} "${text}" is not a duration. Write a number above 0 with ms, s, m or h, up to 24h: 500ms, 20s, 5m.`,
    );
  }
  return ms;
}

// Beyond 2^31 - 1 ms (25 days) setTimeout fires at once; a day is more than any use here.
const longestMs = 24 * 3600e3;
