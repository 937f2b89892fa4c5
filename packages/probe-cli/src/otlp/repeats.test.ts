import { expect, it } from 'vitest';
import { Repeats } from './repeats.ts';

/** What is made of each part of a text of parts with spaces between them, and how often something was made. */
function read(text: string) {
  const bytes = Buffer.from(text);
  const repeats = new Repeats<string>(bytes);
  let made = 0;
  const make = (start: number, end: number) => {
    made++;
    return bytes.toString('utf8', start, end);
  };
  let at = 0;
  const parts = text.split(' ').map((part) => {
    const start = at;
    const end = start + Buffer.byteLength(part);
    at = end + 1;
    return repeats.of(start, end, make);
  });
  return { parts, made };
}

it('makes a part once, wherever it is again, also one that is not ASCII', () => {
  expect(read('route é漢 route GET route é漢 GET')).toEqual({
    parts: ['route', 'é漢', 'route', 'GET', 'route', 'é漢', 'GET'],
    made: 3,
  });
});

it('makes what is longer than the bound, and what is empty, each time', () => {
  const [long, longest] = ['x'.repeat(97), 'y'.repeat(96)];
  expect(read([long, long].join(' ')).made).toBe(2);
  expect(read([longest, longest].join(' ')).made).toBe(1);
  expect(read(' ')).toEqual({ parts: ['', ''], made: 2 });
});

it('confuses no parts, with many more of them than it remembers', () => {
  const parts = Array.from({ length: 5_000 }, (_, k) => `model.version=${k % 2_500}`);
  expect(read(parts.join(' ')).parts).toEqual(parts);
});

it('distinguishes parts that differ in their last byte, or of which one is the beginning of the other', () => {
  const parts = ['a', 'ab', 'abc', 'abd', 'abc', 'ab', 'b'];
  expect(read(parts.join(' ')).parts).toEqual(parts);
});
