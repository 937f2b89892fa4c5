/** Where the spans, metrics or log records of this process are sent. */
export interface OtlpTarget {
  /** As given: its scheme decides on TLS. */
  readonly endpoint: string;
  /** gRPC metadata; the values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** The endpoint without user and password, for messages: at most 200 characters. */
export function shownEndpoint(endpoint: string): string {
  return endpoint.replace(/\/\/[^/@]*@/, '//').slice(0, 200);
}
