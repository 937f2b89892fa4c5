// A program of our own in the place of gst-launch-1.0: what becomes of it as it ends.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchlabError } from '@benchlab-otel/core';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { casesOf } from '../testing/cases.suite.ts';
import { gstStages } from './gstStages.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-program-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string) => join(folder, name);

/** Puts a shell script in the place of gst-launch-1.0. */
function program(script: string): void {
  const file = join(folder, 'gst-launch-1.0');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

async function stopped(atInterrupt: string): Promise<BenchlabError | undefined> {
  const ready = join(folder, 'ready');
  program(`${atInterrupt}\n: >"$GST_DEBUG_FILE"\n: >'${ready}'\nwhile :; do sleep 0.05; done`);
  let error: BenchlabError | undefined;
  const source = gstStages({ pipeline: ['any'] }, inFolder);
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

const logged = casesOf('gst-log').find(({ name }) => name === 'x264enc-with-b-frames');

describe('a consumer whose callbacks fail', () => {
  const warnings: string[] = [];
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => void rejections.push(reason);
  beforeEach(() => {
    warnings.length = 0;
    const silent = () => undefined;
    const warn = (text: string) => void warnings.push(text);
    diag.setLogger({ error: silent, info: silent, debug: silent, verbose: silent, warn }, DiagLogLevel.ALL);
    process.on('unhandledRejection', onRejection);
  });
  afterEach(() => {
    diag.disable();
    process.off('unhandledRejection', onRejection);
  });

  it.each([
    [
      'throws',
      (): unknown => {
        throw new Error('not mine');
      },
    ],
    ['rejects', (): unknown => Promise.reject(new Error('not mine'))],
  ])('and %s gets every event and the end, and is reported once', async (_, fail) => {
    const [command = '', ...lines] = (logged?.input ?? '').split('\n');
    const log = join(folder, 'log');
    writeFileSync(log, `${lines.join('\n')}\n`);
    program(`cat '${log}' >"$GST_DEBUG_FILE"`);
    const got = { stages: 0, ended: 0 };
    const count = (what: keyof typeof got) => {
      got[what]++;
      return fail() as undefined;
    };
    const source = gstStages({ pipeline: command.split(' ') }, inFolder);
    await source.start({
      stage: () => count('stages'),
      ended: () => count('ended'),
    });
    await expect.poll(() => got.ended).toBe(1);
    await source.stop();
    await new Promise((resolve) => setImmediate(resolve));
    expect(got.stages).toBeGreaterThan(1);
    expect(rejections.splice(0)).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/gst: its callback `stage` threw/);
  });
});

describe('the life of a source', () => {
  const running = `trap 'sleep 0.2; exit 0' INT\n: >"$GST_DEBUG_FILE"\nwhile :; do sleep 0.05; done`;

  it('a start during a stop waits for it, and runs a pipeline of its own', async () => {
    program(`echo run >>'${join(folder, 'runs')}'\n${running}`);
    const source = gstStages({ pipeline: ['any'] }, inFolder);
    const order: string[] = [];
    await source.start({ stage() {}, ended: () => void order.push('first ended') });
    await expect.poll(() => runs()).toBe(1);
    const stopping = source.stop();
    const starting = source.start({ stage() {}, ended: () => void order.push('second ended') });
    await expect(source.start({ stage() {} })).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
    await Promise.all([stopping, starting.then(() => order.push('second runs'))]);
    expect(order).toEqual(['first ended', 'second runs']);
    await expect.poll(() => runs()).toBe(2);
    await source.stop();
    expect(order).toEqual(['first ended', 'second runs', 'second ended']);
  });

  it('a stop during a start that waits for a stop leaves no pipeline', async () => {
    program(`echo run >>'${join(folder, 'runs')}'\n${running}`);
    const source = gstStages({ pipeline: ['any'] }, inFolder);
    await source.start({ stage() {} });
    await expect.poll(() => runs()).toBe(1);
    const stopping = source.stop();
    const starting = source.start({ stage() {} });
    await Promise.all([stopping, source.stop(), starting]);
    expect(runs()).toBe(1);
  });

  it('a pipeline that ended by itself may be started again, also by its consumer from within `ended`', async () => {
    program(`: >"$GST_DEBUG_FILE"`);
    const source = gstStages({ pipeline: ['any'] }, inFolder);
    let ends = 0;
    const consumer = {
      stage() {},
      ended: () => (++ends < 3 ? source.start(consumer) : undefined) as unknown as undefined,
    };
    await source.start(consumer);
    await expect.poll(() => ends).toBe(3);
    await source.stop();
  });

  function runs(): number {
    const file = join(folder, 'runs');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
  }
});

it('keeps the debug levels and tracers of the user, adds its own, and hands on what the user asked for', async () => {
  const seen = join(folder, 'seen');
  const line = '0:00:00.030000000 1 0x5 INFO   videoencoder file.c:1:function:<object> a frame was dropped';
  program(`echo "$GST_TRACERS|$GST_DEBUG" >'${seen}'\necho '${line}' >"$GST_DEBUG_FILE"`);
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const before = { GST_DEBUG: process.env.GST_DEBUG, GST_TRACERS: process.env.GST_TRACERS };
  Object.assign(process.env, { GST_DEBUG: '*:4,pipeline:2', GST_TRACERS: 'latency;stats' });
  try {
    const source = gstStages({ pipeline: ['any'] }, inFolder);
    await new Promise<void>((resolve) => void source.start({ stage() {}, ended: () => resolve() }));
    expect(readFileSync(seen, 'utf8')).toBe('latency;stats|*:4,pipeline:2,GST_TRACER:7,pipeline:5\n');
    expect(written.mock.calls.map(([text]) => text)).toContain(`${line}\n`);
  } finally {
    written.mockRestore();
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});

it('refuses a GST_DEBUG_FILE of the user by name', async () => {
  process.env.GST_DEBUG_FILE = '/tmp/mine.log';
  try {
    await expect(gstStages({ pipeline: ['any'] }, inFolder).start({ stage() {} })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringContaining('GST_DEBUG_FILE names /tmp/mine.log'),
    });
  } finally {
    delete process.env.GST_DEBUG_FILE;
  }
});
