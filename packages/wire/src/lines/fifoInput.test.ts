// Real FIFOs, and writers that are processes.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, createWriteStream, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputRig, timeout } from './inputRig.suite.ts';
import { endMessage } from './lineSource.suite.ts';

const rig = inputRig();

describe('a FIFO', () => {
  const fifo = () => {
    const path = join(rig.folder, 'lines.fifo');
    execFileSync('mkfifo', [path]);
    return path;
  };

  it('is read through all of its writers, one of which dies within a line', async () => {
    const path = fifo();
    await rig.start(path);
    writeFileSync(path, '1\n2\n');
    await expect.poll(() => rig.lines, { timeout }).toEqual(['1', '2']);

    const script = `exec 3>"$1"; printf '%s' "$2" >&3; kill -9 $$`;
    const dying = spawn('sh', ['-c', script, 'sh', path, '3\nbad hal']);
    await new Promise((resolve) => dying.once('close', resolve));
    await expect.poll(() => rig.lines, { timeout }).toEqual(['1', '2', '3']);
    await expect.poll(() => rig.got.rejections.length, { timeout }).toBe(1);
    writeFileSync(path, '5\n');
    await expect.poll(() => rig.lines, { timeout }).toEqual(['1', '2', '3', '5']);

    expect(rig.got.rejections).toEqual([
      { source: path, reason: 'line 2, where its writer ended: it is bad', count: 1 },
    ]);
  });

  it('without a writer can be stopped and started again', async () => {
    const path = fifo();
    await rig.start(path);
    await rig.source?.stop();
    await rig.source?.start(rig.got);
    writeFileSync(path, '1\n');

    await expect.poll(() => rig.lines, { timeout }).toEqual(['1']);
  });

  it('that was removed and made again is read, and the old one while its writer continues', async () => {
    const path = fifo();
    await rig.start(path);
    const old = createWriteStream(path);
    await new Promise((resolve) => old.write('1\n', resolve));
    await expect.poll(() => rig.lines, { timeout }).toEqual(['1']);
    rmSync(path);
    execFileSync('mkfifo', [path]);
    await rig.check(1000);

    old.write('2\n');
    const writer = spawn('sh', ['-c', 'printf 3 > "$1"', 'sh', path]);
    await expect.poll(() => [...rig.lines].sort(), { timeout }).toEqual(['1', '2', '3']);
    await new Promise((resolve) => old.end(resolve));
    writer.kill();
  });

  it('that something else has replaced ends with an error', async () => {
    const path = fifo();
    await rig.start(path);
    rmSync(path);
    writeFileSync(path, '1\n');
    await rig.clock.advanceMs(1000);

    await expect.poll(() => endMessage(rig.got.ends[0]), { timeout }).toContain('is not a FIFO any more');
  });

  it('delivers what has arrived before the stop', async () => {
    const path = fifo();
    await rig.start(path);
    const writer = openSync(path, 'w');
    writeSync(writer, '1\n2');
    await rig.source?.stop();
    closeSync(writer);

    expect(rig.lines).toEqual(['1', '2']);
  });
});
