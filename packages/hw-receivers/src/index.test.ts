import { expect, test } from 'vitest';
import * as receivers from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(receivers).sort()).toMatchInlineSnapshot(`
    [
      "bareEnvironment",
      "benchlabReceiver",
      "boardSettings",
      "discoverPorts",
      "dumpBoard",
      "endWithParent",
      "findBoards",
      "gstStages",
      "hostReceiver",
      "hostSourceNames",
      "kernelClock",
      "libraryProblem",
      "nvmlReceiver",
      "rawClock",
      "receivers",
      "systemProgram",
    ]
  `);
});
