import { existsSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputRig, timeout } from './inputRig.suite.ts';
import { readLines } from './readLines.ts';

const rig = inputRig();

describe('a Unix socket', () => {
  it('whose file was removed is there again after the next check, and keeps its writers', async () => {
    const path = join(rig.folder, 'lines.sock');
    await rig.start(`unix:${path}`);
    const one = connect(path);
    one.write('1\n');
    await expect.poll(() => rig.lines, { timeout }).toEqual(['1']);
    rmSync(path);
    await rig.check(1000);
    expect(existsSync(path)).toBe(true);
    one.end('2\n');
    connect(path).end('3\n');

    await expect.poll(() => [...rig.lines].sort(), { timeout }).toEqual(['1', '2', '3']);
  });

  it('delivers what has arrived before the stop', async () => {
    const path = join(rig.folder, 'lines.sock');
    await rig.start(`unix:${path}`);
    const one = connect(path);
    await new Promise((resolve) => one.once('connect', resolve));
    await new Promise((resolve) => one.write('1\n2', resolve));
    await rig.source?.stop();

    expect(rig.lines).toEqual(['1', '2']);
  });

  it('takes several writers, whose lines do not mix, and is open to owner and group', async () => {
    const path = join(rig.folder, 'lines.sock');
    await rig.start(`unix:${path}`);
    const [one, two] = [connect(path), connect(path)];
    one.write('one\nhalf of ');
    two.write('two\nhalf of ');
    await expect.poll(() => [...rig.lines].sort(), { timeout }).toEqual(['one', 'two']);
    one.end('three\n');
    two.end('four\n');

    await expect
      .poll(() => [...rig.lines].sort(), { timeout })
      .toEqual(['half of four', 'half of three', 'one', 'two']);
    expect(statSync(path).mode & 0o777).toBe(0o660);
    await rig.source?.stop();
    expect(rig.got.rejections).toEqual([]);
    await rig.start(`unix:${path}`);
  });

  it('refuses writers beyond its bound and counts them', async () => {
    const path = join(rig.folder, 'lines.sock');
    await rig.start(`unix:${path}`);
    const writers = Array.from({ length: 65 }, () => connect(path).on('error', () => undefined));

    await expect.poll(() => rig.got.rejections[0]?.reason, { timeout }).toContain('more than 64 writers');
    for (const writer of writers) writer.destroy();
  });

  it('closes a writer that has sent nothing for ten seconds when there is no place for a further one', async () => {
    const path = join(rig.folder, 'lines.sock');
    await rig.start(`unix:${path}`);
    const speaker = connect(path);
    speaker.write('1\n');
    await expect.poll(() => rig.lines, { timeout }).toEqual(['1']);
    const silent = Array.from({ length: 63 }, () => connect(path).on('error', () => undefined));
    await Promise.all(silent.map((writer) => new Promise((resolve) => writer.once('connect', resolve))));
    // This one is refused: by then the input has all the others.
    const early = connect(path).on('error', () => undefined);
    await expect.poll(() => rig.got.rejections[0]?.reason, { timeout }).toContain('more than 64 writers');

    await rig.clock.advanceMs(10_000);
    const late = connect(path);
    late.write('2\n');

    await expect.poll(() => rig.lines, { timeout }).toEqual(['1', '2']);
    speaker.write('3\n');
    await expect.poll(() => rig.lines, { timeout }).toEqual(['1', '2', '3']);
    await rig.source?.stop();
    expect(rig.got.rejections.at(-1)).toMatchObject({ reason: expect.stringContaining('had sent nothing'), count: 2 });
    for (const writer of [...silent, early, late, speaker]) writer.destroy();
  });

  it('on which another process listens is left to it', async () => {
    const path = join(rig.folder, 'lines.sock');
    await rig.start(`unix:${path}`);

    await expect(readLines(`unix:${path}`).start(rig.got)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    connect(path).end('1\n');
    await expect.poll(() => rig.lines, { timeout }).toEqual(['1']);
  });

  it('whose path another process has taken ends with an error, and leaves the file of the other at its stop', async () => {
    const path = join(rig.folder, 'lines.sock');
    const taken = await rig.start(`unix:${path}`);
    rmSync(path);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(path, resolve));
    await rig.clock.advanceMs(1000);
    await expect.poll(() => rig.got.ends[0]?.error?.code, { timeout }).toBe('PORT_IN_USE');
    await taken.stop();

    expect(statSync(path).isSocket()).toBe(true);
    await new Promise((resolve) => other.close(resolve));
  });
});
