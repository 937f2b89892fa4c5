// A process that has nothing to do with the load: it keeps a processor busy for a share of the time, until its parent ends.
//   node stranger.mjs 0.5
import { setTimeout as pause } from 'node:timers/promises';

const share = Number(process.argv[2]);
const parent = process.ppid;
/** Not a multiple of the period of the samples. */
const cycleMs = 37;
while (process.ppid === parent) {
  for (const end = performance.now() + share * cycleMs; performance.now() < end; );
  if (share < 1) await pause((1 - share) * cycleMs);
}
