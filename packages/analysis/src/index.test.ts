import { expect, test } from 'vitest';
import * as analysis from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(analysis).sort()).toMatchInlineSnapshot(`
    [
      "INTERVAL_95",
      "Settlement",
      "SignalStore",
      "StagePairs",
      "budgetGrammar",
      "counted",
      "inUnitOf",
      "judge",
      "meanPower",
      "measureSpans",
      "meterOf",
      "minCoverage",
      "parseBudget",
      "percent",
      "percentile",
      "sampleInterval",
      "seconds",
      "significant",
      "spanEnergyOf",
      "statedEnergy",
      "summariseEnergy",
      "summariseOperations",
      "unitScale",
    ]
  `);
});
