/** The largest request that is taken, after decompression too: 16 MiB, four times what grpc receivers take by default. */
export const MAX_REQUEST_BYTES: number = 16 * 1024 * 1024;

/** Connections at a time; further ones are closed at once. */
export const MAX_CONNECTIONS = 256;

/** A connection that has not said what it speaks by then is closed. */
export const FIRST_BYTES_MS = 10_000;
