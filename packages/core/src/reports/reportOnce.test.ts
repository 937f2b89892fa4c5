import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createReportOnce } from './reportOnce.ts';

let lines: string[];
beforeEach(() => {
  lines = [];
  const ignore = () => {};
  const logger: DiagLogger = {
    error: ignore,
    warn: (line) => lines.push(line),
    info: ignore,
    debug: ignore,
    verbose: ignore,
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
});
afterEach(() => diag.disable());

test('each message is logged once, with its source', () => {
  const report = createReportOnce('nvml');
  for (const trouble of ['no driver', 'no driver', 'no permission', 'no driver']) report(trouble);
  expect(lines).toEqual(['nvml: no driver', 'nvml: no permission']);
});

test('after 64 different messages no further one is logged', () => {
  const report = createReportOnce('host');
  for (let k = 0; k < 100; k++) report(`trouble ${k}`);
  expect(lines).toHaveLength(64);
});
