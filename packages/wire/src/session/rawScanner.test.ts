import { expect, test } from 'vitest';
import { maxRawLineBytes, parseRawLine, type RawLine } from './rawLine.ts';
import { RawScanner } from './rawScanner.ts';

const own = '{"ts_ns":1234567890123456,"source":"pipeline","kv":{"stage":"ingress","frame_id":17}}';

function scanned(chunks: readonly Uint8Array[]): readonly (readonly [read: RawLine, line: number])[] {
  const taken: (readonly [RawLine, number])[] = [];
  const scanner = new RawScanner('test', (read, line) => taken.push([read, line]));
  for (const chunk of chunks) scanner.push(chunk);
  scanner.end();
  return taken;
}

/** What the reader of single lines makes of the same text. */
function parsed(text: string): readonly (readonly [RawLine, number])[] {
  return text.split('\n').flatMap((line, at) => {
    const read = parseRawLine(line.replace(/\r$/, ''), 'test');
    return read === undefined ? [] : [[read, at + 1] as const];
  });
}

test.each([
  own,
  own.replace(',"frame_id":17', ''),
  own.replace('17', '"17"'),
  own.replace('17', '"017"'),
  own.replace('17', '017'),
  own.replace('17', '"a b"'),
  own.replace('17', '""'),
  own.replace('17', '"\\u0041"'),
  own.replace('17', '"\\ud800"'),
  own.replace('17', '"\\udc00\\ud800"'),
  own.replace('17', '17,"trace_id":"4bf9"'),
  own.replace('17', '"=1+1"'),
  own.replace('17', '"../../etc"'),
  own.replace('17', '"\u00e9"'),
  own.replace('17', '1.5'),
  own.replace('17', '-1'),
  own.replace('17', '9007199254740992'),
  own.replace('17', 'null'),
  own.replace('1234567890123456', '9007199254740991'),
  own.replace('1234567890123456', '9007199254740993'),
  own.replace('1234567890123456', '17628714000000000001234'),
  own.replace('1234567890123456', '12.5'),
  own.replace('1234567890123456', '1e3'),
  own.replace('1234567890123456', '0'),
  own.replace('1234567890123456', '00'),
  own.replace('1234567890123456', ''),
  own.replace('ingress', ''),
  own.replace('ingress', 'x'.repeat(128)),
  own.replace('ingress', 'x'.repeat(129)),
  own.replace('ingress', 'a\u0001b'),
  own.replace('ingress', 'a\\"b'),
  own.replace('17}}', '17},"simulated":true}'),
  own.replace('17}}', '17},"cal":{"offset_ns":0,"rtt_ns":13}}'),
  own.replace('17}}', '17},"cal":{"offset_ns":0,"rtt_ns":13.5}}'),
  own.replace('17}}', '17},"cal":{"offset_ns":1,"rtt_ns":13}}'),
  own.replace('17}}', '17},"cal":{"offset_ns":0,"rtt_ns":13},"simulated":true}'),
  own.replace('17}}', '17}}x'),
  own.replace('17}}', '17}'),
  own.replace('pipeline', 'other'),
  own.replaceAll(':', ': '),
  `${own}\r`,
  ` ${own}`,
  '',
  '\0',
  '{"ts_ns":5,"source":"benchlab.usb","kv":{"p_sys":240},"cal":{"rtt_ns":10}}',
])('the bytes of %j give what its text gives', (line) => {
  const text = `${line}\n${own}\n${line}`;

  expect(scanned([Buffer.from(text)])).toEqual(parsed(text));
});

test('wherever the bytes are cut, the lines are the same', () => {
  const text = `${own}\r\n\n${own.replace('ingress', 'é')}\nx\n${own}`;
  const bytes = Buffer.from(text);

  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(scanned([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(parsed(text));
  }
});

test('two stages that share a place for names keep their own', () => {
  // The sum of length, first and last byte is that of both.
  const names = ['abxc', 'abyc', 'abxc', 'abyc'];
  const lines = names.map((name) => own.replace('ingress', name)).join('\n');

  expect(scanned([Buffer.from(lines)]).map(([read]) => (read && 'event' in read ? read.event.stage : read))).toEqual(
    names,
  );
});

test('a line that is too long is one wrong line, in one chunk and in many', () => {
  const long = Buffer.from(`${own}\n${'x'.repeat(3 * maxRawLineBytes)}\n${own}\n`);
  const chunks = Array.from({ length: Math.ceil(long.length / 1000) }, (_, k) =>
    long.subarray(k * 1000, k * 1000 + 1000),
  );

  for (const taken of [scanned([long]), scanned(chunks)]) {
    expect(taken.map(([read, line]) => [read && Object.keys(read)[0], line])).toEqual([
      ['event', 1],
      ['reason', 2],
      ['event', 3],
    ]);
  }
});
