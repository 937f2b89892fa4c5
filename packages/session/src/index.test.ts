import { expect, test } from 'vitest';
import * as session from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(session).sort()).toMatchInlineSnapshot(`
    [
      "LiveAlign",
      "alignedPairs",
      "capframexCsv",
      "capframexProblems",
      "checkedApplication",
      "checkedSessionName",
      "deliverSession",
      "deliveryOf",
      "finishRemovals",
      "formatSessionFile",
      "listSessions",
      "lockState",
      "markSession",
      "packSession",
      "pairSummary",
      "parseSessionFile",
      "pinSession",
      "readSession",
      "removeSession",
      "repairSession",
      "retentionPlan",
      "rowsInOrder",
      "seedCsv",
      "sessionName",
      "sessionPaths",
      "sessionRecorder",
      "sessionsFolder",
      "unpackSession",
    ]
  `);
});
