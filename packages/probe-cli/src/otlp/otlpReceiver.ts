import { createServer, type Socket } from 'node:net';
import type { ReceivedSpan } from '@benchlab-otel/analysis';
import { SignalStore } from '@benchlab-otel/analysis';
import { BenchlabError, type Clock, systemClock } from '@benchlab-otel/core';
import { type GrpcServer, grpcServer } from './grpcServer.ts';
import { httpServer } from './httpServer.ts';
import { FIRST_BYTES_MS, MAX_CONNECTIONS } from './limits.ts';
import { loadSignals } from './signals.ts';

export interface OtlpReceiverOptions {
  readonly clock?: Clock;
  /** Spans kept; those beyond are counted. Default 200,000. */
  readonly maxSpans?: number;
  /** Called with the spans of each request, once they are kept. */
  readonly onSpans?: (spans: readonly ReceivedSpan[]) => void;
}

/** An OTLP endpoint on one ephemeral loopback port that speaks gRPC and HTTP. */
export interface OtlpReceiver {
  /** `http://127.0.0.1:41234`: what OTEL_EXPORTER_OTLP_ENDPOINT takes, for either protocol. */
  readonly endpoint: string;
  readonly store: SignalStore;
  /** Ends every connection. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts an OTLP endpoint for the run of a child. Which protocol a connection speaks is told from its first bytes:
 * HTTP/2 begins with `PRI` (RFC 9113, section 3.4), which is no method of HTTP/1.
 */
export async function startOtlpReceiver(options: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
  const store = new SignalStore({ ...options, clock: options.clock ?? systemClock });
  const signals = loadSignals();
  const grpc = grpcServer(signals, store);
  const http = httpServer(signals, store);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    store.active();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A sender that is killed resets its connection: that is its right, and no news.
    socket.on('error', () => socket.destroy());
    route(socket, grpc, http);
  });
  server.maxConnections = MAX_CONNECTIONS;

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
    store,
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        grpc.close();
        for (const socket of sockets) socket.destroy();
      });
      return closed;
    },
  };
}

function route(socket: Socket, grpc: GrpcServer, http: ReturnType<typeof httpServer>): void {
  const timer = setTimeout(() => socket.destroy(), FIRST_BYTES_MS);
  let first = Buffer.alloc(0);
  const look = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    first = Buffer.concat([first, chunk]);
    if (first.length < 3) return;
    stop();
    // Give the bytes back: the server that takes over reads the connection from its beginning.
    socket.unshift(first);
    if (first.toString('latin1', 0, 3) === 'PRI') grpc.connection(socket);
    else http.emit('connection', socket);
  };
  const stop = () => {
    clearTimeout(timer);
    socket.off('readable', look);
    socket.off('close', stop);
  };
  socket.on('readable', look);
  socket.on('close', stop);
}
