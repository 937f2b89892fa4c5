import { expect, it } from 'vitest';
import { backoffMs, ExportTimeout, errorTypeOf, pauseMs, remedyFor } from './retry.ts';

const grpc = (code: number, message = 'grpc') => Object.assign(new Error(message), { code });

it.each([
  [grpc(14), 'retry', 'UNAVAILABLE'],
  [grpc(4), 'retry', 'DEADLINE_EXCEEDED'],
  [grpc(10), 'retry', 'ABORTED'],
  [grpc(8), 'retry', 'RESOURCE_EXHAUSTED'],
  [grpc(8, 'grpc: received message larger than max (5000000 vs. 4194304)'), 'split', 'RESOURCE_EXHAUSTED'],
  [grpc(8, 'SERVER: Received message larger than max (5 vs 4)'), 'split', 'RESOURCE_EXHAUSTED'],
  [grpc(8, 'gRPC message exceeds maximum size 4194304: 5000000'), 'split', 'RESOURCE_EXHAUSTED'],
  [grpc(11, 'Error, decoded message length too large: found 5 bytes, the limit is: 4 bytes'), 'split', 'OUT_OF_RANGE'],
  [grpc(11), 'retry', 'OUT_OF_RANGE'],
  [grpc(3), 'none', 'INVALID_ARGUMENT'],
  [grpc(16), 'none', 'UNAUTHENTICATED'],
  [grpc(99), 'none', '_OTHER'],
  [new Error('plain'), 'none', '_OTHER'],
  [new ExportTimeout(1000), 'none', 'timeout'],
  [Object.assign(new Error(), { code: 'ECONNRESET' }), 'none', '_OTHER'],
  [undefined, 'none', '_OTHER'],
] as const)('%s: %s, error.type %s', (error, remedy, type) => {
  expect([remedyFor(error).kind, errorTypeOf(error)]).toEqual([remedy, type]);
});

it('doubles the pause each time, up to five seconds, and never waits less than half of it', () => {
  expect([1, 2, 3, 6, 40].map((attempts) => backoffMs(attempts, 1))).toEqual([250, 500, 1000, 5000, 5000]);
  expect(backoffMs(1, 0)).toBe(125);
});

it('waits as long as the server stated, and up to a tenth more, but never less than 100 ms', () => {
  expect([pauseMs(800, 5, 0), Math.round(pauseMs(800, 5, 1)), pauseMs(0, 5, 1)]).toEqual([800, 880, 100]);
  expect(pauseMs(undefined, 2, 1)).toBe(500);
});
