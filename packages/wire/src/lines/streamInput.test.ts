import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { inputRig, timeout } from './inputRig.suite.ts';
import { endMessage } from './lineSource.suite.ts';

const rig = inputRig();

describe('a stream', () => {
  it('is read to its end, which is reported, and is left open', async () => {
    const stream = new PassThrough();
    await rig.start(stream);
    stream.write('1\n');
    stream.end('2');

    await expect.poll(() => rig.got.ends, { timeout }).toEqual([{ source: 'stream' }]);
    expect(rig.lines).toEqual(['1', '2']);
    await rig.source?.stop();
    await expect(rig.source?.start(rig.got)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });

  it('that breaks ends with the reason', async () => {
    const stream = new PassThrough();
    await rig.start(stream);
    stream.destroy(new Error('cable cut'));

    await expect.poll(() => endMessage(rig.got.ends[0]), { timeout }).toContain('cable cut');
  });

  it('that is closed before its end reports that once', async () => {
    const stream = new PassThrough();
    await rig.start(stream);
    stream.destroy();

    await expect
      .poll(() => rig.got.ends.map(endMessage), { timeout })
      .toEqual([expect.stringContaining('closed before')]);
  });
});

describe('a stream in object mode', () => {
  it.each<[string, unknown, string]>([
    ['an object', { line: 1 }, 'an object'],
    ['a number', 7, 'a number'],
    ['a list of bytes', [49, 10], 'an object'],
  ])('that delivers %s ends with an error, and delivers no line after it', async (_, chunk, what) => {
    const stream = new PassThrough({ objectMode: true });
    await rig.start(stream);
    stream.write('1\n');
    stream.write(chunk);
    stream.write('2\n');
    await expect.poll(() => rig.got.ends, { timeout }).toHaveLength(1);
    stream.destroy(new Error('cable cut'));
    await new Promise((resolve) => stream.once('close', resolve));

    expect(rig.got.ends).toMatchObject([{ error: { code: 'BAD_OPTION' } }]);
    expect(endMessage(rig.got.ends[0])).toContain(
      `delivered ${what} instead of bytes. Pass a stream of bytes or text.`,
    );
    expect(rig.lines).toEqual(['1']);
  });

  it('that delivers text and bytes is read', async () => {
    const stream = new PassThrough({ objectMode: true });
    await rig.start(stream);
    for (const chunk of ['1\n', Buffer.from('2\n'), new Uint8Array([51, 10])]) stream.write(chunk);
    await expect.poll(() => rig.lines, { timeout }).toEqual(['1', '2', '3']);
  });
});
