import { describe, expect, test } from 'vitest';
import {
  agentKilled,
  certificateExpired,
  clockAhead,
  clockBehind,
  clockSteps,
  diskFull,
  type Fault,
  gatewayAway,
  gatewayKilled,
  queueTorn,
  slowStore,
  storeKilled,
  storm,
} from '../stack/chaos/faults.ts';
import { outcomeOf } from '../stack/chaos/outcome.ts';
import { record } from './record.ts';

const faults: readonly Fault[] = [
  gatewayAway(90_000),
  gatewayKilled,
  agentKilled,
  storeKilled,
  diskFull,
  queueTorn(),
  storm(429),
  storm(503),
  slowStore,
  clockAhead,
  clockBehind,
  clockSteps,
  certificateExpired(),
];

describe('no acknowledged point is lost but those that the fault names, and an alert fires', () => {
  test.each(faults)('$name', async (fault) => {
    const outcome = await outcomeOf(fault);

    record(outcome);
    if (fault.loses === undefined) expect(outcome.lost).toBe(0);
    else expect(outcome.lost).toBeGreaterThan(0);
  });
});
