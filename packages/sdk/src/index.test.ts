import { expect, test } from 'vitest';
import * as sdk from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(sdk).sort()).toMatchInlineSnapshot(`
    [
      "BenchlabError",
      "Counted",
      "EnricherRegistry",
      "Readiness",
      "SampleHistory",
      "SampleMetrics",
      "Span",
      "Timed",
      "attribute",
      "attributes",
      "clauseId",
      "counted",
      "currentLogger",
      "energyRoles",
      "eventFields",
      "logEvents",
      "metric",
      "prometheusLabel",
      "prometheusName",
      "provenanceId",
      "recordHealth",
      "recordMetric",
      "spanned",
      "spans",
      "systemClock",
      "timed",
      "toEpochNs",
      "toTimeNs",
      "translatedName",
      "translationStrategies",
      "withSpan",
      "withSpanOf",
    ]
  `);
});
