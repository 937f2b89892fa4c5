import { expect, test } from 'vitest';
import * as sdk from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(sdk).sort()).toMatchInlineSnapshot(`
    [
      "BenchlabError",
      "Counted",
      "Gauged",
      "InFlight",
      "Observed",
      "Readiness",
      "SampleHistory",
      "SampleMetrics",
      "Span",
      "Timed",
      "Traced",
      "Untraced",
      "attribute",
      "attributes",
      "boundMetric",
      "clauseId",
      "counted",
      "currentLogger",
      "energyRoles",
      "eventFields",
      "gauged",
      "inFlight",
      "logEvents",
      "metric",
      "observed",
      "prometheusLabel",
      "prometheusName",
      "provenanceId",
      "recordExceptions",
      "recordHealth",
      "recordMetric",
      "scope",
      "seesSdk",
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
