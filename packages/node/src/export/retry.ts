import { grpcStatus } from './grpcStatus.ts';

/** What is to be done about an export that failed. `split`: the message was too large, so send halves. */
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
 * with `failure`). RESOURCE_EXHAUSTED is what a server answers to a message beyond its limit, 4 MiB by default.
 */
export function remedyFor(error: unknown): Remedy {
  const status = grpcStatus(error);
  if (status === 'RESOURCE_EXHAUSTED') return 'split';
  return status !== undefined && retryable.has(status) ? 'retry' : 'none';
}

const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/**
 * Milliseconds before the next attempt: doubled each time up to five seconds, and then between half and all of it, so
 * that the processes of a fleet do not come back together.
 *
 * @param attempts made so far, at least 1
 * @param random 0 to 1
 */
export function backoffMs(attempts: number, random: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempts - 1)) * (0.5 + random / 2);
}

/** A word for `error.type`, of a closed set. */
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
