import { messageOf } from '@benchlab-otel/core';
import { grpcStatus } from './grpcStatus.ts';
import { retryAfterMs } from './retryInfo.ts';

/** What to do after a failed export. */
export type Remedy =
  /** Send the same batch again: after the time that the server stated, else with growing pauses. */
  | { readonly kind: 'retry'; readonly afterMs?: number }
  /** The message was too large: send halves. */
  | { readonly kind: 'split' }
  | { readonly kind: 'none' };

// OTLP specification, "OTLP/gRPC response", which codes a client should retry.
const retryable: ReadonlySet<string> = new Set([
  'CANCELLED',
  'DEADLINE_EXCEEDED',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/**
 * How servers word a message beyond their limit, 4 MiB by default: "received message larger than max" (grpc-go, C++ and
 * JavaScript, RESOURCE_EXHAUSTED), "gRPC message exceeds maximum size" (grpc-java, RESOURCE_EXHAUSTED), "decoded message
 * length too large" (tonic, OUT_OF_RANGE).
 */
const tooLarge = /larger than max|exceeds maximum size|length too large/i;

/**
 * The OTLP exporter over gRPC of OpenTelemetry JS does not retry by itself (0.223: its transport answers every error
 * with `failure`). RESOURCE_EXHAUSTED without a stated time is a server that throttles too: its batch is sent again, and
 * not in parts, which would only be more requests.
 */
export function remedyFor(error: unknown): Remedy {
  const status = grpcStatus(error);
  const canBeTooLarge = status === 'RESOURCE_EXHAUSTED' || status === 'OUT_OF_RANGE';
  if (canBeTooLarge && tooLarge.test(messageOf(error))) return { kind: 'split' };
  if (status === 'RESOURCE_EXHAUSTED' || (status !== undefined && retryable.has(status))) {
    const afterMs = retryAfterMs(error);
    return { kind: 'retry', ...(afterMs === undefined ? {} : { afterMs }) };
  }
  return { kind: 'none' };
}

// Own choice: a collector that restarts in a few seconds is found at the third or fourth attempt.
const firstPauseMs = 250;
const longestPauseMs = 5_000;
const shortestPauseMs = 100;

/**
 * Milliseconds before the next attempt: doubled each time up to `longestPauseMs`, of that a random part between half and
 * all, so that many processes do not send again at the same moment.
 *
 * @param attempts made so far, at least 1
 * @param random 0 to 1
 */
export function backoffMs(attempts: number, random: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** (attempts - 1)) * (0.5 + random / 2);
}

/**
 * Milliseconds before the next attempt of a batch. A time that the server stated is kept, with up to a tenth more, so
 * that the batches of many processes do not come back at the same moment; one of 0 would be a storm of requests.
 */
export function pauseMs(stated: number | undefined, attempts: number, random: number): number {
  return stated === undefined ? backoffMs(attempts, random) : Math.max(shortestPauseMs, stated * (1 + random / 10));
}

/** The value of `error.type`: a gRPC status, `timeout` or `_OTHER`. */
export function errorTypeOf(error: unknown): string {
  if (error instanceof ExportTimeout) return 'timeout';
  return grpcStatus(error) ?? '_OTHER';
}

/** The exporter did not answer in time. */
export class ExportTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs / 1000} s`);
  }
}
