import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { StageEvent, StageRejection } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { jsonlStages } from './jsonlStages.ts';
import { stageSourceSuite } from './stageSources.suite.ts';

const line = (frame: number) => `${JSON.stringify({ timeNs: frame, stage: 'a', frameId: frame })}\n`;

// The contract of all inputs is that of `readLines`; this is what makes stage events of their lines.
stageSourceSuite('stage events in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-stages-'));
  const path = join(folder, 'stages.jsonl');
  writeFileSync(path, '');
  return {
    source: jsonlStages({ from: path }),
    write: () => appendFileSync(path, line(1)),
    close: () => rmSync(folder, { recursive: true }),
  };
});

it('events carry the name of their source, bad lines are reported, headers and blank lines are passed over', async () => {
  const stream = new PassThrough();
  const source = jsonlStages({ from: stream });
  const events: StageEvent[] = [];
  const rejections: StageRejection[] = [];
  const ends: unknown[] = [];
  await source.start({
    stage: (event) => void events.push(event),
    rejected: (report) => void rejections.push(report),
    ended: (end) => void ends.push(end),
  });
  const header = {
    schema: 'benchlab-otel/stage-events',
    version: 1,
    clock: { timeNs: 1, epochNs: '2', uncertaintyNs: 0 },
  };
  stream.end(`${JSON.stringify(header)}\n\n${line(1)}{"stage":"a"}\n${' '.repeat(16 * 1024)}\n${line(2)}`);
  await expect.poll(() => ends, { timeout: 10_000 }).toEqual([{ source: 'jsonl' }]);

  expect(events.map(({ source: name, frameId }) => [name, frameId])).toEqual([
    ['jsonl', '1'],
    ['jsonl', '2'],
  ]);
  expect(rejections).toEqual([{ source: 'jsonl', reason: 'line 4: no "timeNs" in nanoseconds', count: 1 }]);
  await source.stop();
});

it('a line of more than 16 KiB is not a stage event', async () => {
  const stream = new PassThrough();
  const source = jsonlStages({ from: stream });
  const reasons: string[] = [];
  await source.start({ stage: () => undefined, rejected: ({ reason }) => void reasons.push(reason) });
  stream.write(`${' '.repeat(16 * 1024 + 1)}\n`);

  await expect.poll(() => reasons, { timeout: 10_000 }).toEqual(['line 1: more than 16384 bytes']);
  await source.stop();
});

it.each(['', 'udp:0'])('the address %j is refused', (from) => {
  expect(() => jsonlStages({ from })).toThrow(/^from is /);
});
