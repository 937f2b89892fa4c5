import type { StageEvent } from '@benchlab-otel/core';
import { test } from 'vitest';
import { casesOf } from '../testing/cases.suite.ts';
import { gstLine } from './gstLine.ts';
import { gstNames } from './gstNames.ts';
import { GstTrace } from './gstTrace.ts';

// `input` is the command line of a pipeline, and then what it logs. The clock of this host is 60 s at log time 0, and each
// line is read 20 us after it was logged.
test.each(casesOf('gst-log'))('a pipeline logs $name', async ({ input, expectResult }) => {
  const [command = '', ...lines] = input.split('\n').filter((line) => line !== '');
  const rejected: string[] = [];
  const trace = new GstTrace({
    startedNs: 59e9,
    source: 'gst',
    names: gstNames(command.split(' ')),
    rejected: (reason) => void rejected.push(reason),
  });
  const events: StageEvent[] = [];
  for (const line of lines) events.push(...trace.line(line, 60e9 + (gstLine(line)?.logNs ?? 0) + 20e3));
  events.push(...trace.settle());
  await expectResult({ events, rejected });
});
