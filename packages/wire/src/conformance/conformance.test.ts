// Runs every case of conformance/FORMAT/NAME through the reader and the writer of its format. A new case is a folder with
// `input` (or `input.jsonl`) and `expected.json`; with `output.jsonl`, the writer must give exactly those bytes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StageEvent } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { seeded } from '../bus/busLines.suite.ts';
import { jsonlStages } from '../stages/jsonlStages.ts';
import { formats, type Results } from './formats.suite.ts';

const root = fileURLToPath(new URL('../../conformance', import.meta.url));

it('every format has cases, and every folder of cases has a format', () => {
  const folders = readdirSync(root, { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? [each.name] : []));
  expect(folders.sort()).toEqual(Object.keys(formats).sort());
});

for (const [name, format] of Object.entries(formats)) {
  describe(name, () => {
    it.each(readdirSync(join(root, name)))('%s', async (caseName) => {
      const folder = join(root, name, caseName);
      const path = inputOf(folder);
      const input = readFileSync(path);
      const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));

      for (const size of [input.length + 1, 7, 1]) expect(format.read(cut(input, size))).toEqual(expected);

      const output = format.write([input]);
      expect(accepted(format.read([output]))).toEqual(accepted(expected));
      const exact = join(folder, 'output.jsonl');
      if (existsSync(exact)) expect(output.toString()).toBe(readFileSync(exact, 'utf8'));
      if (name === 'stage-event' || name === 'recording') expect(await readAsFile(path)).toEqual(inFile(expected));
    });
  });
}

it('an input with changed bytes is read or refused, never thrown at, and what was read can be written again', () => {
  const random = seeded(20_261_130);
  const wrong: string[] = [];
  for (const [name, format] of Object.entries(formats)) {
    for (const caseName of readdirSync(join(root, name))) {
      const input = readFileSync(inputOf(join(root, name, caseName)));
      if (input.length > 10_000) continue;
      for (let round = 0; round < 20; round++) {
        const changed = changedBytes(input, random);
        const results = format.read([changed]);
        // A source whose samples were refused is known to the reader, and not to the writer.
        if (results.some((result) => 'impossible' in result)) continue;
        const first = accepted(results);
        const again = accepted(format.read([format.write([changed])]));
        if (JSON.stringify(again) !== JSON.stringify(first)) wrong.push(`${name}/${caseName}: ${changed}`);
      }
    }
  }
  expect(wrong).toEqual([]);
}, 60_000);

/** One to four bytes changed, removed or doubled. */
function changedBytes(input: Buffer, random: () => number): Buffer {
  let bytes = Buffer.from(input);
  for (let changes = 1 + Math.floor(random() * 4); changes > 0 && bytes.length > 0; changes--) {
    const at = Math.floor(random() * bytes.length);
    const kind = Math.floor(random() * 4);
    if (kind === 0) bytes[at] = Math.floor(random() * 256);
    // A character that is likely in JSON.
    else if (kind === 1) bytes[at] = '{}[]",:0123456789-e.nul \n'.charCodeAt(Math.floor(random() * 25));
    else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(kind === 2 ? at + 1 : Math.max(0, at - 1))]);
  }
  return bytes;
}

function inputOf(folder: string): string {
  return ['input.jsonl', 'input'].map((file) => join(folder, file)).find(existsSync) ?? folder;
}

function cut(input: Buffer, size: number): Buffer[] {
  // One byte at a time is slow for the few large inputs, and adds nothing there.
  const step = input.length > 10_000 ? Math.max(size, 4096) : size;
  const chunks: Buffer[] = [];
  for (let from = 0; from < input.length; from += step) chunks.push(input.subarray(from, from + step));
  return chunks;
}

/** What a writer can write again: not the refused lines, nor where they stood, nor what was left out of the others. */
function accepted(results: Results): Results {
  return results
    .filter(
      (result) =>
        !['reason', 'error', 'unknown', 'dropped', 'impossible'].some((field) => Object.keys(result)[0] === field),
    )
    .filter((result) => !('reason' in result))
    .map(({ line: _, faults: __, unknown: ___, ...others }) => others);
}

/** The source of stage events reads the same file: its events, and how many lines it refused. */
async function readAsFile(path: string): Promise<unknown> {
  const source = jsonlStages({ from: path });
  const events: Omit<StageEvent, 'source'>[] = [];
  let refused = 0;
  await source.start({
    stage: ({ source: _, ...event }) => void events.push(event),
    rejected: ({ count }) => {
      refused = count;
    },
  });
  await source.stop();
  return { events, refused };
}

function inFile(expected: readonly Record<string, unknown>[]): unknown {
  const events = expected.flatMap(({ event }) => (event === undefined ? [] : [{ ...event, source: undefined }]));
  return { events, refused: expected.filter((result) => 'reason' in result).length };
}
