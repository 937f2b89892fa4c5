// A program of our own in the place of gst-launch-1.0: what becomes of it as it ends.
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchlabError } from '@benchlab-otel/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gstStages } from './gstStages.ts';

const path = process.env.PATH;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-program-'));
  process.env.PATH = `${folder}:${path}`;
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

async function stopped(atInterrupt: string): Promise<BenchlabError | undefined> {
  const program = join(folder, 'gst-launch-1.0');
  const ready = join(folder, 'ready');
  writeFileSync(
    program,
    `#!/bin/sh\n${atInterrupt}\n: >"$GST_DEBUG_FILE"\n: >'${ready}'\nwhile :; do sleep 0.05; done\n`,
  );
  chmodSync(program, 0o755);
  let error: BenchlabError | undefined;
  const source = gstStages({ pipeline: ['any'] });
  await source.start({ stage() {}, ended: (end) => (error = end.error) });
  await expect.poll(() => existsSync(ready)).toBe(true);
  await source.stop();
  return error;
}

it('a pipeline that fails while it ends, as on a full disk, is reported', async () => {
  const error = await stopped(`trap 'echo "ERROR: No space left" >&2; exit 1' INT`);

  expect(error?.message).toMatch(/The pipeline failed .*No space left/);
});

it('a pipeline that ends in order, or is interrupted before it handles the signal, has no error', async () => {
  expect(await stopped(`trap 'exit 0' INT`)).toBeUndefined();
  expect(await stopped('trap - INT')).toBeUndefined();
});
