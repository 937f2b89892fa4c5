/** The life of one operation, and the operation that it is part of. */
export interface Interval {
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** CLOCK_MONOTONIC, ns. */
  readonly startNs: number;
  /** `Infinity` while it runs. */
  readonly endNs: number;
}

/** Between two instants an operation has this share of the bench. */
export interface ShareSegment {
  readonly fromNs: number;
  readonly toNs: number;
  /** 0 to 1. */
  readonly share: number;
}

/**
 * Who had the bench when: the share of each wanted operation over its life.
 *
 * An operation's share includes its parts: parts divide the share of the operation they belong to, and operations that
 * are part of nothing alive divide the bench, each time in equal parts among those alive. So the shares of the
 * outermost operations add up to 1 at every instant at which any operation runs, and the shares of the parts of an
 * operation never exceed its own.
 */
export function sharesOf(intervals: readonly Interval[], wanted: ReadonlySet<string>): Map<string, ShareSegment[]> {
  const result = new Map<string, ShareSegment[]>();
  for (const spanId of wanted) result.set(spanId, []);
  const byId = new Map(intervals.map((interval) => [interval.spanId, interval]));
  const alive = new Set<Interval>();
  const edges = intervals
    .filter((interval) => interval.endNs > interval.startNs)
    .flatMap((interval) => [
      { timeNs: interval.startNs, interval, starts: true },
      { timeNs: interval.endNs, interval, starts: false },
    ])
    // An operation that ends where the next begins does not overlap it.
    .sort((a, b) => a.timeNs - b.timeNs || Number(a.starts) - Number(b.starts));

  let index = 0;
  while (index < edges.length) {
    const fromNs = edges[index]?.timeNs ?? 0;
    for (; edges[index]?.timeNs === fromNs; index++) {
      const edge = edges[index];
      if (edge?.starts) alive.add(edge.interval);
      else if (edge) alive.delete(edge.interval);
    }
    const toNs = edges[index]?.timeNs;
    if (toNs === undefined || alive.size === 0) continue;
    const shareOf = sharesAmong(alive, byId);
    for (const interval of alive) {
      const segments = result.get(interval.spanId);
      if (segments) append(segments, { fromNs, toNs, share: shareOf(interval) });
    }
  }
  return result;
}

/** Shares at one instant: of the nearest ancestor alive, divided by the number of its parts alive. */
function sharesAmong(alive: ReadonlySet<Interval>, byId: ReadonlyMap<string, Interval>): (of: Interval) => number {
  const owners = new Map<Interval, Interval | undefined>();
  const parts = new Map<Interval | undefined, number>();
  for (const interval of alive) {
    const owner = nearestAlive(interval, alive, byId);
    owners.set(interval, owner);
    parts.set(owner, (parts.get(owner) ?? 0) + 1);
  }
  const shareOf = (interval: Interval, depth = 0): number => {
    const owner = owners.get(interval);
    const whole = owner === undefined || depth > MAX_DEPTH ? 1 : shareOf(owner, depth + 1);
    return whole / (parts.get(owner) ?? 1);
  };
  return (interval) => shareOf(interval);
}

/** Deeper nesting than this is taken for a cycle in the parent links. */
const MAX_DEPTH = 256;

function nearestAlive(
  interval: Interval,
  alive: ReadonlySet<Interval>,
  byId: ReadonlyMap<string, Interval>,
): Interval | undefined {
  let parentId = interval.parentSpanId;
  for (let depth = 0; parentId !== undefined && depth < MAX_DEPTH; depth++) {
    const parent = byId.get(parentId);
    if (parent === undefined || parent === interval) return undefined;
    if (alive.has(parent)) return parent;
    parentId = parent.parentSpanId;
  }
  return undefined;
}

function append(segments: ShareSegment[], next: ShareSegment): void {
  const last = segments.at(-1);
  if (last && last.share === next.share && last.toNs === next.fromNs) {
    segments[segments.length - 1] = { ...last, toNs: next.toNs };
  } else {
    segments.push(next);
  }
}
