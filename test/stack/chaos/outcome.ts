import { until } from '../process.ts';
import type { Prometheus } from '../prometheus.ts';
import type { Fault } from './faults.ts';
import { type Load, startLoad } from './load.ts';
import { startRig } from './rig.ts';

export interface Outcome {
  readonly fault: string;
  readonly acknowledged: number;
  /** Acknowledged, and not in the store a minute after the end. */
  readonly lost: number;
  /** Not acknowledged: their sender knows. */
  readonly refused: number;
  readonly alert: string;
  readonly alertSeconds: number;
  /** From the end of the fault until every acknowledged point was in the store. */
  readonly recoverySeconds: number;
  readonly seconds: number;
  /** Why points are lost, or what else was looked at. */
  readonly note?: string;
}

const recoveryLimitMs = 60_000;

/** Lets a fault happen under load, until its alert fires, and counts what is missing afterwards. */
export async function outcomeOf(fault: Fault): Promise<Outcome> {
  const started = Date.now();
  const rig = await startRig(fault.rig);
  const loads: Load[] = [];
  try {
    const { pauseMs } = fault;
    // Points of a sender whose clock is right, always; and of another one, where the fault is a clock.
    const right = startLoad(rig.entry, { ...(pauseMs === undefined ? {} : { pauseMs }) });
    loads.push(right);
    await until('the first points in the store', async () => (await stored(rig.store, 'chaos')).size > 0);
    const begun = Date.now();
    const { aheadMs } = fault;
    const wrong =
      aheadMs && startLoad(rig.entry, { metric: 'chaos_wrong', aheadMs: () => aheadMs(Date.now() - begun) });
    if (wrong) loads.push(wrong);
    await fault.begin(rig, () => right.acknowledged.size);
    await rig.watch.fires(fault.alert, fault.selector);
    const alertSeconds = (Date.now() - begun) / 1000;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + (fault.lastsMs ?? 0) - Date.now())));
    await fault.end(rig);
    const ended = Date.now();
    await Promise.all(loads.map((load) => load.stop()));
    const limitMs = fault.loses === undefined ? recoveryLimitMs : recoveryLimitMs / 4;
    const lostOfRight = await missingPoints(rig.store, 'chaos', right, limitMs);
    if (wrong && lostOfRight > 0) throw new Error(`${lostOfRight} points of a sender whose clock is right are lost.`);
    const lost = lostOfRight + (wrong ? await missingPoints(rig.store, 'chaos_wrong', wrong, limitMs) : 0);
    const note = fault.check?.(lost) ?? fault.loses;
    const sum = (count: (load: Load) => number) => loads.reduce((total, load) => total + count(load), 0);
    return {
      fault: fault.name,
      acknowledged: sum((load) => load.acknowledged.size),
      lost,
      refused: sum((load) => load.refused),
      alert: fault.alert,
      alertSeconds,
      recoverySeconds: (Date.now() - ended) / 1000,
      seconds: (Date.now() - started) / 1000,
      ...(note === undefined ? {} : { note }),
    };
  } finally {
    await Promise.all(loads.map((load) => load.stop()));
    await rig.stop();
  }
}

/** How many acknowledged points are not in the store once nothing more arrives, or at the limit. */
export async function missingPoints(store: Prometheus, metric: string, load: Load, limitMs: number): Promise<number> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await stored(store, metric);
    const count = [...load.acknowledged].filter((point) => !found.has(point)).length;
    if (count === 0 || Date.now() > deadline) return count;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** "series/number" of each point of the last hours, and of the next minutes. */
async function stored(store: Prometheus, metric: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const { labels, samples } of await store.samples(`${metric}[2h] offset -10m`)) {
    for (const { value } of samples) found.add(`${labels.series}/${value}`);
  }
  return found;
}
