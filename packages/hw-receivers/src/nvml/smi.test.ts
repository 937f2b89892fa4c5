import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@benchlab-otel/core';
import { afterAll, expect, test } from 'vitest';
import { askSmi, smiArguments, smiRunner } from './smi.ts';

const good = 'GPU-1a2b, NVIDIA X, 580.10, 37, 24576, 4096, 68.25, 450.00, 55, 31, 1740, 1740, 9501, 4, 16';
const folder = mkdtempSync(join(tmpdir(), 'benchlab-smi-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program in place of nvidia-smi. */
function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const ask = (path: string, ms = 5000) => askSmi(smiRunner(path), systemClock, AbortSignal.timeout(ms));

test('the program gets the columns that the parser expects', async () => {
  const path = program('good', `[ "$*" = "${smiArguments.join(' ')}" ] && echo "${good}"`);
  expect((await ask(path)).gpus).toHaveLength(1);
});

test.each([
  ['is not there', '/there/is/no/such/program', 'ENOENT'],
  ['fails', program('failing', 'exit 9'), 'ended with 9'],
  ['fails with words', program('wordy', 'echo Failed to initialize NVML; exit 18'), 'Failed to initialize NVML'],
  ['prints without an end', program('endless', 'exec yes'), 'ended with SIGKILL'],
  ['prints something else', program('other', 'echo hello'), 'not the row of a GPU'],
])('a program that %s is an error in words', async (_, path, words) => {
  await expect(ask(path)).rejects.toThrow(words);
});

test('rows of GPUs count with any exit code, and a warning among them is a problem in words', async () => {
  const path = program('warning', `echo "${good}"; echo "WARNING: infoROM is corrupted at gpu 0000:B3:00.0"; exit 14`);
  const answer = await ask(path);
  expect(answer.gpus).toHaveLength(1);
  expect(answer.problem).toMatchObject({ code: 'BAD_REPLY', message: expect.stringMatching(/infoROM.*ended with 14/) });
});

test('no GPU is an answer, although the program ends with 6', async () => {
  expect(await ask(program('none', 'echo No devices were found; exit 6'))).toMatchObject({ gpus: [] });
});

test('a program that ignores signals is killed when its time is over', async () => {
  const path = program('deaf', 'trap "" TERM INT; echo $$ > "$0.pid"; while :; do sleep 0.05; done');
  await expect(ask(path, 300)).rejects.toMatchObject({ message: expect.stringContaining('was killed') });
});

test.each(['[Unknown Error]', 'ERR!', '[GPU is lost]', '[Insufficient Permissions]', ''])(
  'a field that is "%s" is absent and reported, and the others are read',
  async (cell) => {
    const answer = await ask(program('field', `echo "${good.replace('68.25', cell)}"`));
    expect(answer.gpus[0]?.poll.values).not.toHaveProperty('powerMilliwatts');
    expect(answer.gpus[0]?.poll.values).toMatchObject({ temperature: 55 });
    expect(answer.problem?.message).toContain(`power.draw is "${cell}" of GPU-1a2b`);
  },
);

test.each(['[N/A]', 'N/A', '[Not Supported]', '[Deprecated]'])(
  'a field that is "%s" is absent, and all is well',
  async (cell) => {
    const answer = await ask(program('lacking', `echo "${good.replace('68.25', cell)}"`));
    expect(answer.gpus[0]?.poll.values).not.toHaveProperty('powerMilliwatts');
    expect(answer).not.toHaveProperty('problem');
  },
);
