import type { SampleGrid } from './sampleGrid.ts';
import type { ValidCalls } from './validCalls.ts';

/**
 * Where the place of the window is not known, calls from a quarter to four times as long as it may not be estimated: the
 * error was 1.5 to 1.8 % of the whole in the simulation. 20 % of such time leaves an error of 0.3 %.
 */
const unplacedFrom = 0.25;
const unplacedTo = 4;
const unplacedShare = 0.2;

/** Whether too much of the time of the calls is in calls about as long as a window whose place is not known. */
export function isUnplaced({ isPlaced, windowSeconds }: SampleGrid, operations: readonly ValidCalls[]): boolean {
  if (isPlaced) return false;
  let seconds = 0;
  let doubtful = 0;
  for (const { starts, ends } of operations) {
    for (let k = 0; k < starts.length; k++) {
      const duration = (ends[k] ?? 0) - (starts[k] ?? 0);
      seconds += duration;
      if (duration > unplacedFrom * windowSeconds && duration < unplacedTo * windowSeconds) doubtful += duration;
    }
  }
  return doubtful > unplacedShare * seconds;
}
