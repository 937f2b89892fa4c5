import { expect, test } from 'vitest';
import * as core from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "BenchlabError",
      "OptionError",
      "SampleHistory",
      "SampleMetrics",
      "alreadyStarted",
      "attribute",
      "attributes",
      "attributesKey",
      "createReport",
      "createReportOnce",
      "energyRoles",
      "isObject",
      "logEvents",
      "messageOf",
      "metric",
      "numberOption",
      "prometheusLabel",
      "prometheusName",
      "shown",
      "spans",
      "startPolling",
      "systemClock",
      "textOption",
      "toEpochNs",
      "toTimeNs",
      "translatedName",
      "translationStrategies",
      "wordOption",
    ]
  `);
});
