/** One series of an answer: its labels, and what it has, as text that can be compared. */
export type Answer = ReadonlyMap<string, readonly string[]>;

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
  readonly histogram?: readonly [number, object];
  readonly histograms?: readonly (readonly [number, object])[];
}

/** What an engine that speaks the API of Prometheus answers at a time. `without`: labels that it adds to each series. */
export async function answer(
  url: string,
  query: string,
  time: number,
  without: readonly string[] = [],
): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query, time: `${time}` }),
  });
  const { status, error, data } = (await response.json()) as {
    status: string;
    error?: string;
    data?: { resultType: string; result: readonly Series[] | readonly [number, string] };
  };
  if (status !== 'success' || !data) throw new Error(`${query}: ${error}`);
  if (data.resultType === 'scalar') return new Map([['', [String((data.result as readonly unknown[])[1])]]]);
  return new Map(
    (data.result as readonly Series[]).map((series) => {
      const labels = Object.entries(series.metric).filter(([name]) => !without.includes(name));
      return [JSON.stringify(labels.sort()), pointsOf(series)];
    }),
  );
}

function pointsOf({ value, values = [], histogram, histograms = [] }: Series): readonly string[] {
  const all = [...(value ? [value] : []), ...values, ...(histogram ? [histogram] : []), ...histograms];
  return all.map(([time, each]) => `${time} ${typeof each === 'string' ? rounded(each) : JSON.stringify(each)}`);
}

/** Sums in another order differ in the last digits. */
function rounded(value: string): string {
  const number = Number(value);
  return Number.isFinite(number) ? String(Number(number.toPrecision(12))) : value;
}

/** The points of `left` that `right` lacks. */
export function missingOf(left: Answer, right: Answer): number {
  let count = 0;
  for (const [series, points] of left) {
    const others = new Set(right.get(series));
    count += points.filter((point) => !others.has(point)).length;
  }
  return count;
}
