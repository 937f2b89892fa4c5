import { expect, test } from 'vitest';
import * as presets from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(presets).sort()).toMatchInlineSnapshot(`
    [
      "Readiness",
      "ServiceMetrics",
      "TokenRate",
      "clauseId",
      "logEvents",
      "metric",
      "modelInUse",
      "presetFamilies",
      "recordHealth",
      "runTool",
      "spans",
      "withModel",
    ]
  `);
});
