import type { MessageBounds } from './messageBounds.ts';
import type { PieceBounds } from './requestPieces.ts';

const mebibyte = 2 ** 20;

/** The largest request that is taken, also after decompression: 16 MiB, four times the default of gRPC receivers. */
export const maxRequestBytes: number = 16 * mebibyte;

/** A message of gRPC has before it a byte that is 1 for compressed bytes, and its length in four bytes. */
export const prefixBytes = 5;

/** Bytes of all requests under way, with those of the one that is being decompressed: 64 MiB. */
export const maxUnderWayBytes: number = 64 * mebibyte;

/**
 * The largest batch that senders make by default is 8,192 items (OpenTelemetry Collector, batch processor). With 16
 * attributes each, these are 280,000 messages with 630,000 fields. The SDK's default limit of 2,000 series makes one item:
 * with 5 attributes and 15 bounds each, of 200,000 messages and fields. Deeper than 16 lists within each other nothing is
 * kept; these have 54 levels.
 */
export const pieceBounds: PieceBounds = {
  request: { messages: 300_000, fields: 1_200_000, depth: 64 },
  item: 220_000,
  description: 4_000,
  piece: 20_000,
};

/** JSON text is parsed in one piece. Lists and objects stand for messages. */
export const jsonBounds: MessageBounds = { messages: 150_000, fields: 600_000, depth: 160 };

/** Connections at a time. For a further one, another is closed: see `Connections`. */
export const maxConnections = 256;

/** Requests of one connection at a time. Exporters have one or a few under way. */
export const maxRequests = 16;

/** A connection that has not sent its first request, from the accept to the end of its headers, is closed, ms. */
export const firstRequestMs = 10_000;

/** The longest time from the headers of a request to the end of its body, ms. A request of 16 MiB takes some 50 ms. */
export const bodyMs = 30_000;

/** A connection of the run without a request for this time is closed; exporters then make another one, ms. */
export const idleMs = 300_000;

/** Time for the answer to a connection that is then closed, ms. */
export const farewellMs = 1_000;

/**
 * Decoding that took more processor time than this pauses for as long as it took, ms: reading the board has half of the time.
 * A tenth of the shortest gap in the samples; a piece takes 8 to 24 ms.
 */
export const longDecodeMs = 50;
