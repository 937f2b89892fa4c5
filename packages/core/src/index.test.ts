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
      "callGuarded",
      "consumerOption",
      "coreFamilies",
      "createReceiver",
      "createReport",
      "createReportOnce",
      "didYouMean",
      "durationBuckets",
      "energyRoles",
      "gapLimitNs",
      "isImpossiblePower",
      "isObject",
      "isThenable",
      "joinFamilies",
      "knownOptions",
      "logEvents",
      "messageOf",
      "metric",
      "mostWatts",
      "nearest",
      "numberOption",
      "objectOption",
      "prometheusLabel",
      "prometheusLabels",
      "prometheusName",
      "prometheusUnit",
      "shown",
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
