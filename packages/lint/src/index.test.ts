import { expect, test } from 'vitest';
import * as lint from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(lint).sort()).toMatchInlineSnapshot(`
    [
      "collectorKind",
      "entriesOf",
      "entryAt",
      "inOrder",
      "itemsOf",
      "lint",
      "maxFileBytes",
      "nodeAt",
      "nodesBelow",
      "parseYaml",
      "textAt",
      "textOf",
      "tooLarge",
      "unreadable",
      "yamlRules",
    ]
  `);
});
