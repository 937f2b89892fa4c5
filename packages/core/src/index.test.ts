import { expect, test } from 'vitest';
import * as core from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "BenchlabError",
      "SaidOnce",
      "SampleHistory",
      "SampleMetrics",
      "attribute",
      "attributes",
      "energyRoles",
      "logEvents",
      "metric",
      "prometheusLabel",
      "prometheusName",
      "spans",
      "startPolling",
      "systemClock",
      "toEpochNs",
      "toTimeNs",
      "translatedName",
      "translationStrategies",
    ]
  `);
});
