import { expect, test } from 'vitest';
import * as wire from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(wire).sort()).toMatchInlineSnapshot(`
    [
      "Connections",
      "LineFile",
      "LineServer",
      "LineSplitter",
      "PageServer",
      "Rejections",
      "SampleBus",
      "SampleLineParser",
      "agentReceiver",
      "agentSockets",
      "checkedEvent",
      "formatDroppedEvents",
      "formatKernelFile",
      "formatLatencyLine",
      "formatRecordingHeader",
      "formatRuntimeEvent",
      "formatSampleLine",
      "formatStageLine",
      "hostName",
      "isLoopback",
      "isRead",
      "isSameToken",
      "isToken",
      "jsonlStages",
      "maxKernelFileBytes",
      "maxLatencyLineBytes",
      "maxRawLineBytes",
      "missingReasons",
      "outputPath",
      "pageToken",
      "parseKernelFile",
      "parseLatencyLine",
      "parseRawLine",
      "parseRuntimeEvent",
      "parseStageLine",
      "readLines",
      "refuseMethod",
      "send",
      "sendText",
      "serverAddress",
      "watchUnreadable",
      "writeLines",
    ]
  `);
});
