import { expect, test } from 'vitest';
import { diskFull, type Fault, gatewayAway, gatewayKilled } from './chaos/faults.ts';
import { outcomeOf } from './chaos/outcome.ts';

// Those that are most likely. `npm run test:scale -- chaos` has all of them, and writes docs/operations/faults.md.
const faults: readonly Fault[] = [gatewayAway(20_000), gatewayKilled, diskFull];

test.each(faults)('no acknowledged point is lost, and an alert fires: $name', async (fault) => {
  const { lost, alert, alertSeconds } = await outcomeOf(fault);

  console.log(`${alert} after ${alertSeconds.toFixed(1)} s`);
  expect(lost).toBe(0);
});
