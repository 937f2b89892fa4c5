import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constantBench, type EmulatorOptions, emulateBoard } from '@benchlab-otel/emulator';
import { afterEach, describe, expect, it } from 'vitest';
import { probed } from '../host/testHost.suite.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function emulated(options: EmulatorOptions = {}) {
  const board = await emulateBoard({ bench: constantBench(), ...options });
  closing.push(() => board.close());
  return board;
}

describe('benchlab-probe dump', () => {
  it('writes the replies of a board, and prints where', async () => {
    const board = await emulated();
    const file = join(mkdtempSync(join(tmpdir(), 'dump-')), 'board.json');
    const { code, out } = await probed('dump', '--port', board.path, '--frames', '3', '--redact-uid', '--out', file);
    expect(code).toBe(0);
    expect(out).toContain('simulated');
    const dump = JSON.parse(readFileSync(file, 'utf8'));
    expect(dump).toMatchObject({ schema: 'benchlab-probe/dump', firmware: 7, simulated: true });
    expect(dump.frames).toHaveLength(3);
    expect(JSON.stringify(dump)).not.toContain(board.uid);
  });

  it.each([
    [['--out', '/no/such/folder/x.json'], 2, '--out'],
    [['--port', '/dev/null', '--out', '/tmp/never-written.json'], 97, '/dev/null'],
    [['--frames', '0', '--out', 'x'], 2, '1 to 10000'],
    [[], 2, '--out'],
  ])('ends %j with %d', async (args, expected, words) => {
    const { code, err } = await probed('dump', ...args);
    expect([code, err.includes(words)]).toEqual([expected, true]);
  });
});
