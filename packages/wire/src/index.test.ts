import { expect, test } from 'vitest';
import * as wire from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(wire).sort()).toMatchInlineSnapshot(`
    [
      "Connections",
      "KeptSocket",
      "LineFile",
      "LineServer",
      "LineSplitter",
      "RawSampleEncoder",
      "RawScanner",
      "Rejections",
      "SampleBus",
      "SampleLineParser",
      "agentReceiver",
      "agentSockets",
      "checkedEvent",
      "formatDroppedEvents",
      "formatKernelFile",
      "formatLatencyLine",
      "formatRawStage",
      "formatRecordingHeader",
      "formatRuntimeEvent",
      "formatSampleLine",
      "formatStageLine",
      "hostName",
      "isLoopback",
      "jsonlStages",
      "maxKernelFileBytes",
      "maxLatencyLineBytes",
      "maxRawLineBytes",
      "missingReasons",
      "outputPath",
      "parseKernelFile",
      "parseLatencyLine",
      "parseRawLine",
      "parseRuntimeEvent",
      "parseStageLine",
      "rawStream",
      "readLines",
      "serverAddress",
      "watchUnreadable",
      "writeLines",
    ]
  `);
});
