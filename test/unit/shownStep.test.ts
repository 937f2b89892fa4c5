import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { shownStep } from '../../scripts/shown-step.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-step-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const node = (code: string) => ({ command: process.execPath, args: ['--eval', code], cwd: folder });

it('shows signs of life while a silent command runs, and none after it', async () => {
  const gate = join(folder, 'gate');
  const printed: string[] = [];
  const print = (line: string) => {
    printed.push(line);
    // The command ends once it was reported alive three times.
    if (printed.length === 4) writeFileSync(gate, '');
  };
  const wait = `setInterval(() => require('node:fs').existsSync(${JSON.stringify(gate)}) && process.exit(), 5)`;

  expect(await shownStep({ title: 'Installing', ...node(wait), everyMs: 5, print })).toBeUndefined();

  expect(printed[0]).toBe('Installing …');
  expect(printed[1]).toMatch(/^… Installing: \d+ s$/);
  expect(printed.at(-1)).toMatch(/^… done in \d+\.\d s$/);
});

it('prints nothing without a title', async () => {
  const printed: string[] = [];
  const step = shownStep({ title: undefined, ...node(''), print: (line: string) => printed.push(line) });
  expect(await step).toBeUndefined();
  expect(printed).toEqual([]);
});

it('reports a command that fails, one that a signal ends, and one that is not there', async () => {
  const print = () => undefined;
  expect(await shownStep({ title: 'a', ...node('process.exit(3)'), print })).toBe(' with exit code 3');
  expect(await shownStep({ title: 'a', ...node("process.kill(process.pid, 'SIGTERM')"), print })).toBe(' with SIGTERM');
  expect(await shownStep({ title: 'a', command: join(folder, 'gone'), args: [], cwd: folder, print })).toMatch(
    /^: spawn .* ENOENT$/,
  );
});
