import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MissingMeter } from './missingMeter.ts';

let lines: string[];
beforeEach(() => {
  lines = [];
  const quiet = () => {};
  diag.setLogger({ error: quiet, warn: (line) => lines.push(line), info: quiet, debug: quiet, verbose: quiet });
});
afterEach(() => diag.disable());

test('spans without a meter have one line after five seconds, and one when there is a meter', () => {
  const meter = new MissingMeter();
  for (let s = 0; s < 20; s++) meter.ended(false, s * 1e9);
  meter.ended(true, 21e9);
  meter.ended(true, 22e9);
  expect(lines).toEqual([
    expect.stringMatching(
      /^span-energy: spans have no joules, because no meter .* receivers: \[benchlabReceiver\(\)\]/,
    ),
    'span-energy: a meter delivers samples now: spans have joules.',
  ]);
});

test('a meter whose first sample comes soon has none', () => {
  const meter = new MissingMeter();
  for (let s = 0; s < 4; s++) meter.ended(false, s * 1e9);
  meter.ended(true, 4e9);
  expect(lines).toEqual([]);
});
