import { expect, test } from 'vitest';
import * as lint from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(lint).sort()).toMatchInlineSnapshot(`
    [
      "SeriesCatalogue",
      "collectorKind",
      "dashboardsKind",
      "entriesOf",
      "entryAt",
      "inOrder",
      "itemsOf",
      "labelsOf",
      "lint",
      "maxFileBytes",
      "nodeAt",
      "nodesBelow",
      "operandsOf",
      "parsePromql",
      "parseYaml",
      "queryProblems",
      "queryRules",
      "rulesKind",
      "selectorsOf",
      "textAt",
      "textOf",
      "thresholdNumbers",
      "tooLarge",
      "typeOf",
      "unreadable",
      "walk",
      "withDefinitions",
      "yamlRules",
    ]
  `);
});
