// `record gst` with a program of our own in the place of gst-launch-1.0, which writes a trace of one element.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startProbe } from '../host/testHost.suite.ts';

const prefix = (ms: number) => `0:00:00.0${ms}000000 7 0x55 TRACE GST_TRACER :0:: `;
const trace = [
  `${prefix(10)}new-element, ts=(guint64)10000000, ix=(uint)0, parent-ix=(uint)4294967295, name=(string)a, type=(string)GstIdentity, is-bin=(boolean)0;`,
  `${prefix(11)}new-element, ts=(guint64)11000000, ix=(uint)1, parent-ix=(uint)4294967295, name=(string)idle, type=(string)GstIdentity, is-bin=(boolean)0;`,
  `${prefix(20)}buffer, ts=(guint64)20000000, pad-ix=(uint)0, element-ix=(uint)0, peer-pad-ix=(uint)9, peer-element-ix=(uint)9, have-buffer-pts=(boolean)1, buffer-pts=(guint64)33333333;`,
].join('\n');

async function recorded(...args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-strict-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'gst-launch-1.0');
  writeFileSync(join(folder, 'trace'), `${trace}\n`);
  writeFileSync(program, `#!/bin/sh\ncat ${folder}/trace >"$GST_DEBUG_FILE"\n`);
  chmodSync(program, 0o755);
  const all = ['record', 'gst', '--out', join(folder, 'out.jsonl'), ...args];
  return startProbe(all, { findProgram: () => program }).ended;
}

it('lists a stage without a frame with 0 and a warning, and ends with 98 where it is strict', async () => {
  const pipeline = ['--', 'identity', 'name=a', '!', 'identity', 'name=idle', '!', 'fakesink'];
  const { code, out } = await recorded(...pipeline);
  expect(code).toBe(0);
  expect(out).toMatch(/^idle +0$/m);
  expect(out).toContain('warning: nothing was seen at idle: no frame reached it');
  expect((await recorded('--strict', ...pipeline)).code).toBe(98);
});

it('names a stage that the pipeline has not', async () => {
  const { code, out } = await recorded('--strict', '--stage', 'a', '--stage', 'nope', '--', 'identity', 'name=a');
  expect(code).toBe(98);
  expect(out).toContain('warning: nothing was seen at nope: the pipeline has no element of this name');
});

it('is a pass where each stage had a frame, also when it is strict', async () => {
  expect((await recorded('--strict', '--', 'identity', 'name=a')).code).toBe(0);
});
