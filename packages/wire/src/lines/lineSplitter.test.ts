import { describe, expect, it } from 'vitest';
import { LineSplitter } from './lineSplitter.ts';

const bytes = (text: string) => Buffer.from(text);

describe('LineSplitter', () => {
  it('makes the same lines of bytes wherever they were cut', () => {
    const text = 'one\ntwo\r\n\nwith ümlaut\nlast';
    for (let size = 1; size <= text.length + 1; size++) {
      const splitter = new LineSplitter(64);
      const all = bytes(text);
      const lines: (string | undefined)[] = [];
      for (let from = 0; from < all.length; from += size) lines.push(...splitter.push(all.subarray(from, from + size)));
      expect([...lines, splitter.end()]).toEqual(['one', 'two', '', 'with ümlaut', 'last']);
    }
  });

  it('skips a line that is too long to its end, returns undefined once, and keeps none of it', () => {
    const splitter = new LineSplitter(8);

    expect(splitter.push(bytes('short\n123456789'))).toEqual(['short', undefined]);
    expect(splitter.push(bytes('123456789'.repeat(1000)))).toEqual([]);
    expect(splitter.push(bytes('its end\nshort\n123456789\nend'))).toEqual(['short', undefined]);
    expect(splitter.end()).toBe('end');
    expect(splitter.end()).toBeUndefined();
  });

  it('copies the bytes that it keeps', () => {
    const splitter = new LineSplitter(8);
    const chunk = bytes('half');
    splitter.push(chunk);
    chunk.fill(0);

    expect(splitter.push(bytes(' line\n'))).toEqual([undefined]);
    splitter.push(chunk.fill('x'));
    chunk.fill(0);
    expect(splitter.push(bytes('\n'))).toEqual(['xxxx']);
  });
});
