import type { Random } from '../../../random/random.ts';

/** Calls of one operation in order, one at a time; seconds. */
export interface SimulatedCalls {
  readonly starts: number[];
  readonly ends: number[];
}

/** Share of time with a call in flight, by part of a sample interval: it wanders with 0.5 s, or stays. */
export function wanderingDuty(random: Random, parts: number, partSeconds: number, duty: number): Float64Array {
  let wander = random.gauss();
  return Float64Array.from({ length: parts }, () => {
    wander = wander * (1 - partSeconds / 0.5) + Math.sqrt((2 * partSeconds) / 0.5) * random.gauss();
    return Math.min(0.8, duty * Math.exp(0.7 * wander - 0.25));
  });
}

/** Calls of one duration with pauses of random length, by the duty at each time. */
export function renewedCalls(
  random: Random,
  callSeconds: number,
  dutyAt: (seconds: number) => number,
  fromSeconds: number,
  toSeconds: number,
): SimulatedCalls {
  const starts: number[] = [];
  const ends: number[] = [];
  const isBusyAtStart = random.uniform() < dutyAt(fromSeconds);
  const pause = (t: number) => random.exponential(callSeconds * (1 / dutyAt(t) - 1));
  let t = isBusyAtStart ? fromSeconds - random.uniform() * callSeconds : fromSeconds + pause(fromSeconds);
  while (t < toSeconds) {
    starts.push(Math.max(fromSeconds, t));
    ends.push(Math.min(toSeconds, t + callSeconds));
    t += callSeconds + pause(t);
  }
  return { starts, ends };
}

/**
 * The same for calls far shorter than what the meter can see: only around the times in `drawn` is each call drawn. In a
 * part elsewhere, all its calls stand back to back; their number has the mean and the variance of the renewal process.
 */
export function lumpedCalls(
  random: Random,
  callSeconds: number,
  duty: Float64Array,
  partSeconds: number,
  drawn: readonly { readonly from: number; readonly to: number }[],
): SimulatedCalls {
  const starts: number[] = [];
  const ends: number[] = [];
  let window = 0;
  for (let part = 0; part < duty.length; part++) {
    const share = duty[part] ?? 0;
    const to = (part + 1) * partSeconds;
    let from = part * partSeconds;
    while (from < to) {
      while (window < drawn.length && (drawn[window]?.to ?? 0) <= from) window++;
      const next = drawn[window];
      if (next && next.from <= from) {
        const end = Math.min(to, next.to);
        const calls = renewedCalls(random, callSeconds, () => share, from, end);
        starts.push(...calls.starts);
        ends.push(...calls.ends);
        from = end;
      } else {
        const end = Math.min(to, next ? next.from : to);
        const mean = (share * (end - from)) / callSeconds;
        const count = Math.max(0, Math.round(mean + Math.sqrt(mean) * (1 - share) * random.gauss()));
        const busy = Math.min(end - from, count * callSeconds);
        const start = from + random.uniform() * (end - from - busy);
        if (busy > 0) {
          starts.push(start);
          ends.push(start + busy);
        }
        from = end;
      }
    }
  }
  return { starts, ends };
}
