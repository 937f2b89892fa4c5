/** Why a request is not taken, with its status in HTTP (RFC 9110) and in gRPC (https://grpc.io/docs/guides/status-codes/). */
const statuses = {
  malformed: { http: 400, grpc: 3 },
  /** It lacks the header of the run. */
  unknownSender: { http: 401, grpc: 16 },
  /** It has the header of the run, but a browser sent it, or it was sent to the name of another host. */
  foreign: { http: 403, grpc: 7 },
  unknownPath: { http: 404, grpc: 12 },
  notPost: { http: 405, grpc: 12 },
  tooSlow: { http: 408, grpc: 4 },
  tooLarge: { http: 413, grpc: 8 },
  unknownFormat: { http: 415, grpc: 12 },
  /**
   * The sender may try again (OTLP specification, "Retryable Response Codes"), and it counts as missing all the same: the
   * request has waited for longer than exporters wait, which is 10 s with all attempts (OTEL_EXPORTER_OTLP_TIMEOUT).
   */
  busy: { http: 503, grpc: 14 },
} as const;

export type RefusalReason = keyof typeof statuses;

/** A request that is not taken. */
export class Refusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.name = 'Refusal';
    this.reason = reason;
  }

  get status(): { readonly http: number; readonly grpc: number } {
    return statuses[this.reason];
  }

  /** The sender is not the program of this run. */
  get isStranger(): boolean {
    return this.reason === 'unknownSender';
  }
}
