import { expect, test } from 'vitest';
import * as analysis from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(analysis).sort()).toMatchInlineSnapshot(`
    [
      "Settlement",
      "SignalStore",
      "StagePairs",
      "budgetGrammar",
      "calibratedMeter",
      "counted",
      "energyText",
      "estimateEnergy",
      "inUnitOf",
      "interval95",
      "isAveraging",
      "judge",
      "knownMeters",
      "meanPower",
      "measureSpans",
      "meterModelOf",
      "meterOf",
      "minCoverage",
      "nearest",
      "operationEnergies",
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
      "unknownMeter",
    ]
  `);
});
