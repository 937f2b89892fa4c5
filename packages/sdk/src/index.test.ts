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
      "OptionError",
      "SampleHistory",
      "SampleMetrics",
      "Span",
      "Timed",
      "Traced",
      "Untraced",
      "attribute",
      "attributes",
      "boundMetric",
      "closeOpenCalls",
      "counted",
      "currentLogger",
      "energyRoles",
      "eventFields",
      "forgetOf",
      "gauged",
      "inFlight",
      "isBindable",
      "isProvenanceId",
      "judgeSpans",
      "logEvents",
      "metric",
      "observed",
      "prometheusLabel",
      "prometheusName",
      "provenanceId",
      "recordExceptions",
      "recordMetric",
      "runToEnd",
      "scope",
      "seesSdk",
      "spanned",
      "systemClock",
      "timed",
      "toEpochNs",
      "toTimeNs",
      "withSpan",
      "withSpanOf",
    ]
  `);
});
