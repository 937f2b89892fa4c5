/** The largest request that is taken, also after decompression: 16 MiB, four times the default of gRPC receivers. */
export const maxRequestBytes: number = 16 * 1024 * 1024;

/** Connections at a time; further ones are closed at once. */
export const maxConnections = 256;

/** A connection that has not sent three bytes after this time is closed, ms. */
export const firstBytesMs = 10_000;
