import { expect, test } from 'vitest';
import * as dashboard from './index.ts';
import * as model from './model/index.ts';
import * as report from './report/index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(dashboard).sort()).toMatchInlineSnapshot(`
    [
      "Feed",
      "SampleInput",
      "baselineOf",
      "factsOf",
      "inputAddress",
      "loadTheme",
      "openInput",
      "recordedLine",
      "replayInput",
    ]
  `);
});

test('the view model exports these names', () => {
  expect(Object.keys(model).sort()).toMatchInlineSnapshot(`
    [
      "Dashboard",
      "contrast",
      "contrastFaults",
      "levelOf",
      "markRoles",
      "parseTheme",
      "rgb",
      "rowsCsv",
      "seriesKey",
      "textRoles",
      "thresholdsMs",
      "viewWindows",
    ]
  `);
});

test('reports export these names', () => {
  expect(Object.keys(report).sort()).toMatchInlineSnapshot(`
    [
      "pictureSize",
      "pictureSvg",
      "reportHtml",
      "snapshotOf",
    ]
  `);
});
