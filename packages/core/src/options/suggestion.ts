/** The names nearest to `wanted` by edit distance, nearest first. Names that are too far away for a slip are left out. */
export function nearest(wanted: string, names: Iterable<string>, most = 3): readonly string[] {
  const near: { name: string; distance: number }[] = [];
  const farthest = Math.max(2, Math.floor(wanted.length / 3));
  for (const name of names) {
    // The distance is at least the difference of the lengths, and finding it is slow.
    if (Math.abs(name.length - wanted.length) > farthest) continue;
    const distance = editDistance(wanted.toLowerCase().slice(0, longest), name.toLowerCase().slice(0, longest));
    if (distance <= farthest) near.push({ name, distance });
  }
  return near
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, most)
    .map(({ name }) => name);
}

/** ` Did you mean p95?`, or nothing. */
export function didYouMean(wanted: string, names: Iterable<string>): string {
  const [first] = nearest(wanted, names, 1);
  return first === undefined ? '' : ` Did you mean ${first}?`;
}

// Distance is quadratic in length; names of spans may be of any length.
const longest = 64;

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
