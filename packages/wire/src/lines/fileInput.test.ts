// Real files. Time is a manual clock: the input checks its file when the test lets it.
import { execFileSync } from 'node:child_process';
import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputRig, timeout } from './inputRig.suite.ts';
import { endMessage } from './lineSource.suite.ts';
import { readLines } from './readLines.ts';

const rig = inputRig();

describe('a file', () => {
  it('is read from its start, and what is added as it comes, half lines whole', async () => {
    const path = join(rig.folder, 'lines');
    writeFileSync(path, 'one\ntwo\n');
    await rig.start(path);
    await rig.waiting();
    expect(rig.lines).toEqual(['one', 'two']);

    appendFileSync(path, 'thr');
    await rig.check();
    expect(rig.lines).toEqual(['one', 'two']);
    appendFileSync(path, 'ee\nfour\n');
    await rig.check();
    expect(rig.lines).toEqual(['one', 'two', 'three', 'four']);
    expect(rig.got.rejections).toEqual([]);
  });

  it('that was cut or replaced is read from its start again, and that is reported', async () => {
    const path = join(rig.folder, 'lines');
    writeFileSync(path, 'one\ntwo\n');
    await rig.start(path);
    await rig.waiting();

    truncateSync(path);
    appendFileSync(path, 'three\n');
    await rig.check();
    expect(rig.lines).toEqual(['one', 'two', 'three']);
    writeFileSync(`${path}.new`, 'four\n');
    renameSync(`${path}.new`, path);
    for (let k = 0; k < 10; k++) await rig.check();
    expect(rig.lines).toEqual(['one', 'two', 'three', 'four']);
    await rig.source?.stop();

    expect(rig.got.rejections[0]?.reason).toContain('was cut');
    expect(rig.got.rejections.at(-1)).toMatchObject({ reason: expect.stringContaining('was replaced'), count: 2 });
  });

  it.each([
    ['the same', 'new\nold\n'],
    ['a larger', 'new one\nnew two\nnew three\n'],
  ])('that was written again between two checks, with %s size, is read from its start again', async (_, text) => {
    const path = join(rig.folder, 'lines');
    writeFileSync(path, 'one\ntwo\n');
    await rig.start(path);
    await rig.waiting();

    writeFileSync(path, text);
    await rig.check();
    expect(rig.lines).toEqual(['one', 'two', ...text.trimEnd().split('\n')]);
    expect(rig.got.rejections[0]?.reason).toContain('was written again');
  });

  it('that was written again, longer, with the same beginning is read from its start again', async () => {
    const path = join(rig.folder, 'lines');
    const header = `${' '.repeat(600)}\n`;
    writeFileSync(path, `${header}one\n`);
    await rig.start(path);
    await rig.waiting();
    writeFileSync(path, `${header}two\nthree\n`);

    await rig.check();
    expect(rig.lines.map((line) => line.trim())).toEqual(['', 'one', '', 'two', 'three']);
  });

  it('that was moved away is read while its writer continues, and then the new one', async () => {
    const path = join(rig.folder, 'lines');
    writeFileSync(path, '1\n');
    await rig.start(path);
    await rig.waiting();
    renameSync(path, `${path}.1`);
    writeFileSync(path, '10\n');
    for (let line = 2; line <= 5; line++) {
      for (let k = 0; k < 9; k++) await rig.check();
      appendFileSync(`${path}.1`, `${line}\n`);
    }
    for (let k = 0; k < 11; k++) await rig.check();

    expect(rig.lines).toEqual(['1', '2', '3', '4', '5', '10']);
  });

  it('that was moved away is left after five seconds although it still grows', async () => {
    const path = join(rig.folder, 'lines');
    writeFileSync(path, '');
    await rig.start(path);
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'new\n');
    for (let k = 0; k < 101; k++) {
      appendFileSync(`${path}.1`, 'old\n');
      await rig.check();
    }

    expect(rig.lines.at(-1)).toBe('new');
  });

  it('that was moved away delivers all of both at the stop', async () => {
    const path = join(rig.folder, 'lines');
    writeFileSync(path, '1\n');
    await rig.start(path);
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, '2\n');
    writeFileSync(path, '3\n');
    await rig.source?.stop();

    expect(rig.lines).toEqual(['1', '2', '3']);
  });

  it('that a FIFO has replaced ends with an error', async () => {
    const path = join(rig.folder, 'lines');
    writeFileSync(path, '1\n');
    await rig.start(path);
    await rig.waiting();
    rmSync(path);
    execFileSync('mkfifo', [path]);
    for (let k = 0; k < 9; k++) await rig.check();
    await rig.clock.advanceMs(50);

    await expect.poll(() => endMessage(rig.got.ends[0]), { timeout }).toContain('is not a regular file any more');
  });

  it('that grows with every line that is read can be stopped', async () => {
    const path = join(rig.folder, 'lines');
    writeFileSync(path, '1\n');
    rig.source = readLines(path, { clock: rig.clock });
    const line = (text: string) => {
      rig.got.line(text);
      appendFileSync(path, '1\n');
      return undefined;
    };
    await rig.source.start({ line, ended: (end) => rig.got.ended(end) });
    for (let k = 0; k < 3; k++) await rig.check();
    await rig.source.stop();

    expect(rig.lines.length).toBeGreaterThan(3);
    expect(rig.got.ends).toEqual([]);
  });

  it('delivers what was written before the stop, also a last line without an end', async () => {
    const path = join(rig.folder, 'lines');
    writeFileSync(path, '1\n');
    await rig.start(path);
    appendFileSync(path, '2\n3');
    await rig.source?.stop();

    expect(rig.lines).toEqual(['1', '2', '3']);
  });
});
