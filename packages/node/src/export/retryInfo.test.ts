import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { bytesField, retryInfo, statusWith, varintField } from './retryInfo.suite.ts';
import { retryAfterMs } from './retryInfo.ts';

function errorWith(...details: Uint8Array[]): Error {
  const metadata = new Metadata();
  for (const each of details) metadata.add('grpc-status-details-bin', Buffer.from(each));
  return Object.assign(new Error('throttled'), { code: 8, metadata });
}

describe('the time that a server asks to wait', () => {
  it.each([
    [{ seconds: 2n, nanos: 500_000_000n }, 2500],
    [{ seconds: 0n, nanos: 0n }, 0],
    [{ nanos: 1_000_000n }, 1],
    [{ seconds: 86_400n }, 86_400_000],
  ])('is read from RetryInfo: %o', (delay, ms) => {
    expect(retryAfterMs(errorWith(statusWith(retryInfo(delay))))).toBe(ms);
  });

  it('is found after other details, and 0 where RetryInfo has no delay', () => {
    const other = [bytesField(1, 'type.googleapis.com/google.rpc.DebugInfo'), bytesField(2, 'stack')];
    const status = statusWith(Buffer.concat(other), retryInfo({ seconds: 1n }));
    expect(retryAfterMs(errorWith(status))).toBe(1000);
    const empty = Buffer.concat([bytesField(1, 'type.googleapis.com/google.rpc.RetryInfo'), bytesField(2, '')]);
    expect(retryAfterMs(errorWith(statusWith(empty)))).toBe(0);
  });

  it.each([
    ['before now', statusWith(retryInfo({ seconds: -1n }))],
    ['of another type', statusWith(Buffer.concat([bytesField(1, 'type.googleapis.com/x'), bytesField(2, '')]))],
    ['in a status without details', varintField(1, 8n)],
    ['in an empty trailer', new Uint8Array()],
    ['cut in the middle', statusWith(retryInfo({ seconds: 300n })).subarray(0, -3)],
    ['in a field of an impossible length', Uint8Array.of(0x1a, 0xff, 0xff, 0xff, 0xff, 0x7f)],
    ['in a number without an end', new Uint8Array(64).fill(0xff)],
    ['in a group, which no message of today has', Uint8Array.of(0x1b)],
  ])('is absent %s', (_, status) => {
    expect(retryAfterMs(errorWith(status))).toBeUndefined();
  });

  it('is read from the next trailer where one is not a message', () => {
    expect(retryAfterMs(errorWith(Uint8Array.of(0xff), statusWith(retryInfo({ seconds: 3n }))))).toBe(3000);
  });

  it.each([
    undefined,
    null,
    'text',
    {},
    { metadata: null },
    { metadata: { get: () => 'no list' } },
    { metadata: { get: () => ['text', 7] } },
    Object.assign(new Error('no trailer'), { metadata: new Metadata() }),
  ])('is absent in %o', (error) => {
    expect(retryAfterMs(error)).toBeUndefined();
  });
});
