import { grpcStatus } from './grpcStatus.ts';

/** What to do after a failed export. `split`: the message was too large, so send halves. */
export type Remedy = 'retry' | 'split' | 'none';

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
 * The OTLP exporter over gRPC of OpenTelemetry JS does not retry by itself (0.223: its transport answers every error
 * with `failure`). A server answers RESOURCE_EXHAUSTED to a message beyond its limit, 4 MiB by default.
 */
export function remedyFor(error: unknown): Remedy {
  const status = grpcStatus(error);
  if (status === 'RESOURCE_EXHAUSTED') return 'split';
  return status !== undefined && retryable.has(status) ? 'retry' : 'none';
}

// Own choice: a collector that restarts in a few seconds is found at the third or fourth attempt.
const firstPauseMs = 250;
const longestPauseMs = 5_000;

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
