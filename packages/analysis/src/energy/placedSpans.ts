import type { NamedSpan } from './frontier.ts';

/** A start that was cut off to a whole millisecond lies anywhere in it, and is stated as its middle. */
const halfMillisecondNs = 500_000;
/** Durations are sums of numbers that were rounded on their way. */
const roundingNs = 1000;

/**
 * Places spans whose start was cut off to a whole millisecond, as OpenTelemetry JS does, within that millisecond: one
 * after another where it has room for that, parts within their parents. At their stated starts calls of 50 us would lie
 * on top of each other, and the time with a call in flight would come out many times too small. Whether calls overlapped
 * within the millisecond is not known; that they did not is true of functions that return before the next call.
 *
 * @param processOf what spans of one process have in common; spans of different processes may run at the same time
 */
export function placedSpans(
  spans: readonly NamedSpan[],
  processOf: (index: number) => unknown = () => undefined,
): readonly NamedSpan[] {
  if (!spans.some(isCutOff)) return spans;
  const placed = [...spans];
  const indexOf = new Map(spans.map(({ spanId }, index) => [spanId, index]));
  const roots = new Map<unknown, number[]>();
  const parts = new Map<number, number[]>();
  for (const [index, { parentSpanId }] of spans.entries()) {
    const parent = parentSpanId === undefined ? undefined : indexOf.get(parentSpanId);
    if (parent === undefined) listIn(roots, processOf(index)).push(index);
    else listIn(parts, parent).push(index);
  }
  // Parents before their parts. Spans that are each other's parents are never reached, and stay.
  const families: Family[] = [...roots.values()].map((members) => ({ members }));
  for (let family = families.pop(); family !== undefined; family = families.pop()) {
    place(placed, family);
    for (const index of family.members) {
      const members = parts.get(index);
      const parent = placed[index];
      if (members !== undefined && parent !== undefined) families.push({ members, parent });
    }
  }
  return placed;
}

function isCutOff({ uncertaintyNs = 0 }: NamedSpan): boolean {
  return uncertaintyNs >= halfMillisecondNs;
}

/** Spans that follow each other, by their indices: the parts of a span, or the outermost spans of a process. */
interface Family {
  readonly members: number[];
  readonly parent?: NamedSpan;
}

/**
 * Each span in the middle between the earliest and the latest start that let all spans of the family follow each other.
 * These middles follow each other, too. A span that cannot have waited for the one before ran at the same time.
 */
function place(placed: NamedSpan[], { members, parent }: Family): void {
  // Spans of one millisecond keep the order in which they came, which is that of their ends.
  const statedOf = (index: number) => placed[index]?.startNs ?? 0;
  const ordered = members.toSorted((a, b) => statedOf(a) - statedOf(b));
  const spans = ordered.flatMap((index) => placed[index] ?? []);
  const ranges = spans.map((span) => startRange(span, parent));
  const follows: boolean[] = [];
  for (const [k, range] of ranges.entries()) {
    const before = ranges[k - 1];
    const freeNs = before === undefined ? Number.POSITIVE_INFINITY : before.fromNs + durationOf(spans[k - 1]);
    follows.push(freeNs <= range.untilNs);
    if (freeNs <= range.untilNs) range.fromNs = Math.max(range.fromNs, freeNs);
  }
  for (let k = ranges.length - 1; k > 0; k--) {
    const [before, range] = [ranges[k - 1], ranges[k]];
    if (!follows[k] || before === undefined || range === undefined) continue;
    before.untilNs = Math.min(before.untilNs, range.untilNs - durationOf(spans[k - 1]));
  }
  for (const [k, span] of spans.entries()) {
    const { fromNs, untilNs } = ranges[k] ?? { fromNs: span.startNs, untilNs: span.startNs };
    const startNs = isCutOff(span) ? (fromNs + untilNs) / 2 : span.startNs;
    const endNs = isCutOff(span) ? startNs + durationOf(span) : span.endNs;
    placed[ordered[k] ?? 0] = { ...span, startNs, endNs };
  }
}

/** When a span may have started, ns: within its millisecond, and as part of its parent. */
function startRange(span: NamedSpan, parent?: NamedSpan): { fromNs: number; untilNs: number } {
  const { startNs } = span;
  if (!isCutOff(span)) return { fromNs: startNs, untilNs: startNs };
  const fromNs = Math.max(startNs - halfMillisecondNs, parent?.startNs ?? Number.NEGATIVE_INFINITY);
  const lastNs = (parent?.endNs ?? Number.POSITIVE_INFINITY) - durationOf(span);
  const untilNs = startNs + halfMillisecondNs;
  // A part that runs on after its parent has ended is not bound by that end.
  return { fromNs, untilNs: lastNs < fromNs - roundingNs ? untilNs : Math.max(fromNs, Math.min(untilNs, lastNs)) };
}

function durationOf(span: NamedSpan | undefined): number {
  return span === undefined ? 0 : span.endNs - span.startNs;
}

function listIn<Key>(lists: Map<Key, number[]>, key: Key): number[] {
  const known = lists.get(key) ?? [];
  lists.set(key, known);
  return known;
}
