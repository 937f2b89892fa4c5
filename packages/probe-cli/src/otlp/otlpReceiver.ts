import type { Server as HttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { SignalStore, type SignalStoreOptions } from '@benchlab-otel/analysis';
import { BenchlabError, type Clock, systemClock } from '@benchlab-otel/core';
import { serveGrpc } from './grpcServer.ts';
import { httpServer } from './httpServer.ts';
import { firstRequestMs } from './limits.ts';
import { ReceiverParts } from './receiverParts.ts';

/** The bounds of what is kept are those of the store. */
export interface OtlpReceiverOptions extends Partial<SignalStoreOptions> {
  readonly clock?: Clock;
}

/** An OTLP endpoint on one ephemeral loopback port, for gRPC and HTTP. */
export interface OtlpReceiver {
  /** `http://127.0.0.1:41234`: what OTEL_EXPORTER_OTLP_ENDPOINT takes, for either protocol. */
  readonly endpoint: string;
  /** `name=value`: the header without which nothing is taken, as OTEL_EXPORTER_OTLP_HEADERS has it. */
  readonly header: string;
  readonly store: SignalStore;
  /** CLOCK_MONOTONIC of the latest sign of life of the program: now while a request of it is under way. */
  readonly lastActivityNs: number;
  /** Connections that were closed because there were too many, before they had sent the header of the run. */
  readonly closedUnproven: number;
  /** Those that had sent it: requests of the program may have been lost with them. */
  readonly closedProven: number;
  /** Ends every connection. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts an OTLP endpoint for the run of a child. The first bytes of a connection show its protocol: HTTP/2 begins with
 * `PRI` (RFC 9113, section 3.4), which is not a method of HTTP/1.
 *
 * @throws BenchlabError PORT_IN_USE when there is no free port
 */
export async function startOtlpReceiver(options: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const clock = options.clock ?? systemClock;
  const store = new SignalStore({ ...options, clock });
  const parts = new ReceiverParts(store);
  const { connections, senders } = parts;
  const http = httpServer(parts);
  const server = createServer((socket) => {
    connections.add(socket, firstRequestMs);
    // A sender that is killed resets its connection. That is not a fault.
    socket.on('error', () => socket.destroy());
    route(socket, parts, http);
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new BenchlabError(
          'PORT_IN_USE',
          `Cannot listen on 127.0.0.1: ${cause.message}.`,
          'Free a port and try again.',
          {
            cause,
          },
        ),
      ),
    );
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  let closed: Promise<void> | undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    header: senders.header,
    store,
    get lastActivityNs() {
      return parts.underWay > 0 ? clock.nowNs() : store.lastActivityNs;
    },
    get closedUnproven() {
      return connections.closedForOthers - connections.provenClosedForOthers;
    },
    get closedProven() {
      return connections.provenClosedForOthers;
    },
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        connections.closeAll();
      });
      return closed;
    },
  };
}

function route(socket: Socket, parts: ReceiverParts, http: HttpServer): void {
  let first = Buffer.alloc(0);
  const look = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    first = Buffer.concat([first, chunk]);
    if (first.length < 3) return;
    socket.off('readable', look);
    // Put the bytes back: the server that takes over reads the connection from its beginning.
    socket.unshift(first);
    if (first.toString('latin1', 0, 3) === 'PRI') serveGrpc(parts, socket);
    else http.emit('connection', socket);
  };
  socket.on('readable', look);
}
