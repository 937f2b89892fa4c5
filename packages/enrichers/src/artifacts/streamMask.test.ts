import { secretText } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { checkMasks, maxMatchBytes, StreamMask } from './streamMask.ts';

type Masks = readonly (RegExp | 'secrets')[];

/** Given in pieces that end at these places. */
function masked(text: string, masks: Masks, ...ends: readonly number[]): string {
  const bytes = Buffer.from(text, 'latin1');
  const mask = new StreamMask(masks);
  const places = [0, ...ends, bytes.length];
  const parts = places.slice(1).map((end, k) => Buffer.from(mask.push(bytes.subarray(places[k], end))));
  return Buffer.concat([...parts, mask.end()]).toString('latin1');
}

const filler = 'a line of the compiler, number 7\n'.repeat(3_000);

describe('a stream of bytes', () => {
  it('leaves without its matches, and all other bytes as they were', () => {
    const every = Buffer.from(Array.from({ length: 256 }, (_, k) => k)).toString('latin1');
    expect(masked(`${every}4111111111111111${every}`, [/\d{16}/])).toBe(`${every}[masked]${every}`);
    expect(masked('', [/x/])).toBe('');
    expect(masked('xyx', [])).toBe('xyx');
  });

  it('has a match masked that comes in two pieces, wherever it is split', () => {
    const secret = `K${'0123456789'.repeat(409)}`; // 4,091 bytes
    for (const before of [0, 10, 65_536 - 2_000, 65_536 - 4_091, 65_536, 65_537]) {
      const text = `${filler.slice(0, before)} ${secret} ${filler}`;
      for (const split of [1, 2, 2_000, 4_090, 4_091]) {
        const result = masked(text, [/\bK\d{1,4090}\b/], before + 1 + split);
        expect(result).toBe(`${filler.slice(0, before)} [masked] ${filler}`);
      }
    }
  });

  it('is the same in single bytes as in one piece', () => {
    const text = `${filler.slice(0, 70_000)}password=hunter2-and-more ${filler.slice(0, 300)}`;
    const single = masked(text, ['secrets'], ...Array.from({ length: text.length }, (_, k) => k));
    expect(single).toBe(masked(text, ['secrets']));
    expect(single).not.toContain('hunter2');
  });

  it('masks what two patterns match in part, also over the border of what has left', () => {
    expect(masked('abcdef', [/bcd/, /cdef/])).toBe('a[masked]');
    expect(masked('bcd', [/bcd/])).toBe('[masked]');
    expect(masked('bcdbcd-bcd', [/bcd/])).toBe('[masked]-[masked]');
    // The first piece leaves as far as 16 KiB before its end, which is within both matches.
    const border = 100_000 - maxMatchBytes;
    const text = `${'-'.repeat(border - 5)}AAAAAAAAAABBBBBBBBBB${'-'.repeat(90_000)}`;
    const result = masked(text, [/A{10}/, /AAA?B{10}/], 100_000);
    expect(result).toBe(`${'-'.repeat(border - 5)}[masked]${'-'.repeat(90_000)}`);
  });

  it('sees what is before a place that has left', () => {
    const border = 100_000 - maxMatchBytes;
    const text = `${'x'.repeat(border)}123${'x'.repeat(30_000)}`;
    expect(masked(text, [/\b\d+/], 100_000)).toBe(text);
  });
});

describe('credentials in a text', () => {
  // Credentials of no account, in parts, so that no scanner takes them for real ones.
  it.each([
    ['Authorization: Bearer abcdefghijkl', 'abcdefghijkl'],
    ['"authorization": "Basic dXNlcjpwYXNzd29yZA=="', 'dXNlcjpwYXNz'],
    ['with bearer abc123def456 in it', 'abc123def456'],
    [`t ${'ey'}JhbGciOi.eyJzdWIi.c2lnbmF0dXJl u`, 'c2lnbmF0dXJl'],
    [`${'-----BEGIN'} RSA PRIVATE KEY-----\nMIIabc\nxyz=\n-----END RSA PRIVATE KEY-----`, 'MIIabc'],
    [`key ${'sk'}-proj-0123456789abcdef0`, '0123456789'],
    [`${'gh'}p_0123456789abcdefghij0123`, '0123456789'],
    [`${'xo'}xb-123456789-abcdef`, '123456789'],
    [`${'AK'}IAIOSFODNN7EXAMPLE`, 'IOSFODNN7'],
    ['git clone https://ada:pa55@host/x.git', 'pa55'],
    ['DB_PASSWORD=hunter2 ./run', 'hunter2'],
    ['"client_secret": "two words"', 'two words'],
    ['api_key: 0123456789', '0123456789'],
    ['Set-Cookie: id=a3fWa; Max-Age=2592000', 'a3fWa'],
  ])('%# are masked', (text, secret) => {
    expect(masked(`${filler}${text}\n${filler}`, ['secrets'])).not.toContain(secret);
  });

  it('are the kinds that captured values have', () => {
    for (const text of [
      `${'ey'}JhbGci.eyJz.c2`,
      `${'-----BEGIN'} PRIVATE KEY-----\nx`,
      'http://a:b@c',
      'bearer a1b2c3d4',
    ]) {
      expect(secretText.test(text)).toBe(true);
      expect(masked(text, ['secrets'])).toMatch(/\[masked]/);
    }
  });

  it('are not counts, certificates and words', () => {
    const text = `tokens: 512, password rules, a basic configuration, ${'-----BEGIN'} CERTIFICATE-----, https://host:80/a@b`;
    expect(masked(text, ['secrets'])).toBe(text);
  });
});

it.each<[unknown, string]>([
  ['secrets', 'masks is "secrets". It must be a list'],
  [['secret'], 'masks[0] is "secret". It must be a regular expression or'],
  [[/x*/], 'masks[0] is an object. It must be a pattern that does not match the empty text'],
  [[/ü/], 'a pattern of ASCII without the flags u and v'],
  [[/x/u], 'a pattern of ASCII without the flags u and v'],
  [Array(101).fill(/x/), 'at most 100 patterns'],
])('%# patterns that cannot be matched with bytes are refused', (masks, message) => {
  expect(() => checkMasks('masks', masks)).toThrow(message);
});
