import { expect, it } from 'vitest';
import { backoffMs, ExportTimeout, errorTypeOf, remedyFor } from './retry.ts';

const grpc = (code: number) => Object.assign(new Error('grpc'), { code });

it.each([
  [grpc(14), 'retry', 'UNAVAILABLE'],
  [grpc(4), 'retry', 'DEADLINE_EXCEEDED'],
  [grpc(10), 'retry', 'ABORTED'],
  [grpc(8), 'split', 'RESOURCE_EXHAUSTED'],
  [grpc(3), 'none', 'INVALID_ARGUMENT'],
  [grpc(16), 'none', 'UNAUTHENTICATED'],
  [grpc(99), 'none', '_OTHER'],
  [new Error('plain'), 'none', '_OTHER'],
  [new ExportTimeout(1000), 'none', 'timeout'],
  [Object.assign(new Error(), { code: 'ECONNRESET' }), 'none', '_OTHER'],
  [undefined, 'none', '_OTHER'],
] as const)('%s: %s, error.type %s', (error, remedy, type) => {
  expect([remedyFor(error), errorTypeOf(error)]).toEqual([remedy, type]);
});

it('doubles the pause each time, up to five seconds, and never waits less than half of it', () => {
  expect([1, 2, 3, 6, 40].map((attempts) => backoffMs(attempts, 1))).toEqual([250, 500, 1000, 5000, 5000]);
  expect(backoffMs(1, 0)).toBe(125);
});
