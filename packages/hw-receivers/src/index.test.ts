import { expect, test } from 'vitest';
import * as receivers from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(receivers).sort()).toMatchInlineSnapshot(`
    [
      "SampleBus",
      "advisoriesOf",
      "agentReceiver",
      "agentSockets",
      "benchlabReceiver",
      "boardSettings",
      "connectorOf",
      "constantBench",
      "contractOf",
      "contracts",
      "decodeFrame",
      "dumpBoard",
      "emulateBoard",
      "faultBits",
      "findBoards",
      "formatStageLine",
      "gstStages",
      "hostLoadBench",
      "hostReceiver",
      "jsonlStages",
      "lineFaults",
      "nvmlReceiver",
      "receivers",
      "roleOf",
      "stageSchema",
      "stageSchemaVersion",
    ]
  `);
});
