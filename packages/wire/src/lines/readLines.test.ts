import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputRig } from './inputRig.suite.ts';
import { readLines } from './readLines.ts';

const rig = inputRig();

describe('any address', () => {
  it.each(['', 'udp:', 'udp:0', 'udp:65536', 'udp:80x', 'a\0b', 7, null, {}])('%j that is wrong is refused', (from) => {
    expect(() => readLines(from as string)).toThrow(/^from is .* It must be a file, a FIFO, unix:PATH/);
  });

  it.each(['unix:', 'unix:a\0b', `unix:${'x'.repeat(120)}`])('%j is refused as it was typed', (from) => {
    const message = expect.stringMatching(/^from is "unix:.* It must be unix: and the path of a Unix socket/);
    expect(() => readLines(from)).toThrow(expect.objectContaining({ value: from, message }));
  });

  it('that cannot be read is reported at the start, with what to do', async () => {
    await expect(rig.start(join(rig.folder, 'absent'))).rejects.toThrow(/There is no .*absent.*mkfifo/);
    await expect(rig.start(rig.folder)).rejects.toThrow(/neither a file nor a FIFO/);
    await expect(rig.start(`unix:${rig.folder}/${'x'.repeat(120)}`)).rejects.toThrow(/path.*Unix socket/);
  });

  it.each([0, 1.5, Number.NaN, 16 * 1024 * 1024 + 1])('with lines of at most %d bytes is refused', (maxLineBytes) => {
    expect(() => readLines('-', { maxLineBytes })).toThrow(/^maxLineBytes is .* from 1 to 16777216/);
  });
});
