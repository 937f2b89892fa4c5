import type { Server as HttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { SignalStore, type SignalStoreOptions } from '@benchlab-otel/analysis';
import { BenchlabError, type Clock, systemClock } from '@benchlab-otel/core';
import { serveGrpc } from './grpcServer.ts';
import { httpServer } from './httpServer.ts';
import { firstRequestMs } from './limits.ts';
import { ReceiverParts } from './receiverParts.ts';
import { type Senders, sendersOfRun } from './senders.ts';

/** The bounds of what is kept are those of the store. */
export interface OtlpReceiverOptions extends Partial<SignalStoreOptions> {
  readonly clock?: Clock;
  /** Default: a free port of the loopback. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** Default: the program that gets the header. */
  readonly senders?: Senders;
}

/** An OTLP endpoint on one port, for gRPC and HTTP. */
export interface OtlpReceiver {
  /** `http://127.0.0.1:41234`: what OTEL_EXPORTER_OTLP_ENDPOINT takes, for either protocol. */
  readonly endpoint: string;
  /** `name=value`: the header without which nothing is taken, as OTEL_EXPORTER_OTLP_HEADERS has it. Empty without one. */
  readonly header: string;
  readonly store: SignalStore;
  /** CLOCK_MONOTONIC of the latest sign of life of the program: now while a request of it is under way. */
  readonly lastActivityNs: number;
  /** No connection is open, and no request is under way: all that was sent was taken. */
  readonly isIdle: boolean;
  /** Connections that were closed because there were too many, before they had sent the header of the run. */
  readonly closedUnproven: number;
  /** Those that had sent it: requests of the program may have been lost with them. */
  readonly closedProven: number;
  /** Ends every connection. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts an OTLP endpoint, for the run of a child unless the options state something else. The first bytes of a connection show its protocol: HTTP/2 begins with
 * `PRI` (RFC 9113, section 3.4), which is not a method of HTTP/1.
 *
 * @throws BenchlabError PORT_IN_USE when it cannot listen
 */
export async function startOtlpReceiver(options: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const clock = options.clock ?? systemClock;
  const store = new SignalStore({ ...options, clock });
  const { host, port: wantedPort } = options.listen ?? { host: '127.0.0.1', port: 0 };
  const parts = new ReceiverParts(store, options.senders ?? sendersOfRun());
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
          `Cannot listen on ${host}${wantedPort === 0 ? '' : `, port ${wantedPort}`}: ${cause.message}.`,
          'End the program that has the port, or take another one; 0 takes any free one.',
          { cause },
        ),
      ),
    );
    server.listen(wantedPort, host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  let closed: Promise<void> | undefined;
  return {
    endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    header: senders.header,
    store,
    get lastActivityNs() {
      return parts.underWay > 0 ? clock.nowNs() : store.lastActivityNs;
    },
    get isIdle() {
      return connections.size === 0 && parts.underWay === 0;
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
