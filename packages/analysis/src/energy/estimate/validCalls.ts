import type { OperationCalls } from './estimateInput.ts';

/** The calls of one operation that can be true, in seconds after the origin of the samples. */
export interface ValidCalls {
  readonly name: string;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly weights: Float64Array;
  readonly callsInvalid: number;
  readonly weightsInvalid: number;
}

export function validCalls(calls: OperationCalls, originNs: number): ValidCalls {
  const { name, startsNs, endsNs, weights } = calls;
  const starts = new Float64Array(startsNs.length);
  const ends = new Float64Array(startsNs.length);
  const kept = new Float64Array(startsNs.length);
  let count = 0;
  let callsInvalid = 0;
  let weightsInvalid = 0;
  for (let i = 0; i < startsNs.length; i++) {
    const start = ((startsNs[i] ?? Number.NaN) - originNs) / 1e9;
    const end = ((endsNs[i] ?? Number.NaN) - originNs) / 1e9;
    const weight = weights ? (weights[i] ?? Number.NaN) : 1;
    if (!(end >= start && Number.isFinite(end - start))) callsInvalid++;
    else if (!(weight >= 0 && Number.isFinite(weight))) weightsInvalid++;
    else {
      starts[count] = start;
      ends[count] = end;
      kept[count++] = weight;
    }
  }
  return {
    name,
    starts: starts.subarray(0, count),
    ends: ends.subarray(0, count),
    weights: kept.subarray(0, count),
    callsInvalid,
    weightsInvalid,
  };
}
