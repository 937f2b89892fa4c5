import { expect, test } from 'vitest';
import * as node from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(node).sort()).toMatchInlineSnapshot(`
    [
      "EnricherRegistry",
      "SlicedIds",
      "alertConditionForm",
      "checkArtefact",
      "clusterMetrics",
      "correlatedLines",
      "metricsPage",
      "openEventStream",
      "sampleProducer",
      "spanProcessor",
      "stampArtefact",
      "startTelemetry",
      "withCorrelation",
    ]
  `);
});
