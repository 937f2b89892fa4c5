import { expect, test } from 'vitest';
import * as enrichers from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(enrichers).sort()).toMatchInlineSnapshot(`
    [
      "artifactStore",
      "attributeWeights",
      "baggageKeys",
      "ci",
      "container",
      "cpuTime",
      "cpuWeights",
      "enrichers",
      "folderArtifacts",
      "git",
      "kernelVariant",
      "measureIdle",
      "meterDisagreement",
      "nodeTestCase",
      "processShare",
      "s3Artifacts",
      "spanEnergy",
      "spanStages",
      "testCase",
      "vitestCase",
      "withKernel",
      "withTestCase",
    ]
  `);
});
