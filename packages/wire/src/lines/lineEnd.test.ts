// What follows after an input has ended by itself.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { inputRig, timeout } from './inputRig.suite.ts';
import { readLines } from './readLines.ts';

const rig = inputRig();

describe('a consumer that throws at the end of the lines', () => {
  const line = (text: string) => rig.got.line(text);
  const ended = () => {
    rig.got.ended({ source: 'test' });
    throw new Error('no end expected');
  };

  it('does not end the application when a stream ends', async () => {
    const stream = new PassThrough();
    rig.source = readLines(stream, { clock: rig.clock });
    await rig.source.start({ line, ended });
    stream.end('1\n');
    await expect.poll(() => rig.got.ends, { timeout }).toHaveLength(1);
    expect(rig.lines).toEqual(['1']);
  });

  it('does not end the application when a file cannot be read any more', async () => {
    const path = join(rig.folder, 'lines');
    writeFileSync(path, '1\n');
    rig.source = readLines(path, { clock: rig.clock });
    await rig.source.start({ line, ended });
    await rig.waiting();
    rmSync(path);
    execFileSync('mkfifo', [path]);
    for (let k = 0; k < 9; k++) await rig.check();
    await rig.clock.advanceMs(50);
    await expect.poll(() => rig.got.ends, { timeout }).toHaveLength(1);
  });
});

describe('a source that has ended by itself', () => {
  it('starts again without a stop, and leaves no handle of the run before', async () => {
    const path = join(rig.folder, 'lines.fifo');
    execFileSync('mkfifo', [path]);
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    const fifo = await rig.start(path);
    rmSync(path);
    writeFileSync(path, '1\n');
    await rig.clock.advanceMs(1000);
    await expect.poll(() => rig.got.ends, { timeout }).toHaveLength(1);

    await fifo.start(rig.got);
    await expect.poll(() => rig.lines, { timeout }).toEqual(['1']);
    await expect(fifo.start(rig.got)).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
    await fifo.stop();
    expect(descriptors()).toBe(before);
  });

  it('is started again by its consumer at the end', async () => {
    const path = join(rig.folder, 'lines');
    writeFileSync(path, '1\n');
    const file = readLines(path, { clock: rig.clock });
    rig.source = file;
    let starting: Promise<void> | undefined;
    const ended = () => {
      rmSync(path);
      writeFileSync(path, '2\n');
      starting = file.start(rig.got);
    };
    await file.start({ line: (text) => rig.got.line(text), ended });
    await rig.waiting();
    rmSync(path);
    execFileSync('mkfifo', [path]);
    for (let k = 0; k < 9; k++) await rig.check();
    await rig.clock.advanceMs(50);

    await expect.poll(() => rig.lines.includes('2'), { timeout }).toBe(true);
    await starting;
  });

  it('reports at a start that fails why, and is not started after it', async () => {
    const stream = new PassThrough();
    const ended = await rig.start(stream);
    stream.end();
    await expect.poll(() => rig.got.ends, { timeout }).toHaveLength(1);
    for (let k = 0; k < 2; k++) await expect(ended.start(rig.got)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});
