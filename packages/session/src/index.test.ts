import { expect, test } from 'vitest';
import * as session from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(session).sort()).toMatchInlineSnapshot(`
    [
      "alignedPairs",
      "bookmarkStage",
      "bookmarksOf",
      "capframexCsv",
      "capframexJson",
      "capframexJsonProblems",
      "capframexProblems",
      "checkedApplication",
      "checkedSessionName",
      "compareSessions",
      "deliver",
      "deliveryDelayMs",
      "exportNames",
      "fewestFrames",
      "flowEndStage",
      "flowReport",
      "flowSchema",
      "formatSessionFile",
      "importFrames",
      "importedSession",
      "pairSummary",
      "parquetFile",
      "parseFlow",
      "parseSessionFile",
      "parseTrace",
      "partOfSession",
      "presentmonV1",
      "readSensors",
      "readSession",
      "rowsInOrder",
      "seedCsv",
      "sessionName",
      "sessionPaths",
      "startOf",
      "stepStage",
      "traceFile",
      "traceSchema",
      "watchedFiles",
    ]
  `);
});
