import { expect, test } from 'vitest';
import * as analysis from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(analysis).sort()).toMatchInlineSnapshot(`
    [
      "PageReader",
      "SeriesRecorder",
      "Settlement",
      "SignalStore",
      "StagePairs",
      "budgetGrammar",
      "calibratedMeter",
      "counted",
      "cpuTimedSpans",
      "dividedEnergy",
      "energyText",
      "estimateEnergy",
      "idleHalfWidth",
      "idlePower",
      "inUnitOf",
      "isAveraging",
      "judge",
      "knownMeters",
      "lossOf",
      "meanPower",
      "measureSpans",
      "meterModelOf",
      "meterOf",
      "meterReader",
      "minCoverage",
      "moreTimeText",
      "nearest",
      "operationEnergies",
      "pageFormatOf",
      "pageTrouble",
      "parseBudget",
      "parsePage",
      "percent",
      "percentile",
      "readPage",
      "roleMeters",
      "sampleInterval",
      "seconds",
      "significant",
      "spanEnergyOf",
      "summariseOperations",
      "toHalfWidth",
      "unitScale",
      "unknownMeter",
    ]
  `);
});
