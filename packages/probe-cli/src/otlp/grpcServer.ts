import type { Duplex } from 'node:stream';
import type { SignalStore } from '@benchlab-otel/analysis';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import { MAX_REQUEST_BYTES } from './limits.ts';
import type { Signal } from './signals.ts';

/** Speaks OTLP/gRPC on sockets that are handed to it. */
export interface GrpcServer {
  connection(socket: Duplex): void;
  close(): void;
}

/** The three OTLP services over h2c. Messages over 16 MiB, also after decompression, get RESOURCE_EXHAUSTED. */
export function grpcServer(signals: readonly Signal[], store: SignalStore): GrpcServer {
  const server = new Server({ 'grpc.max_receive_message_length': MAX_REQUEST_BYTES });
  for (const signal of signals) {
    server.register(
      signal.grpcPath,
      (call: ServerUnaryCall<Buffer, null>, reply: sendUnaryData<null>) => {
        try {
          store.accept(signal.name, signal.decode(call.request));
          reply(null, null);
        } catch (error) {
          store.refuse();
          reply({ code: status.INVALID_ARGUMENT, details: error instanceof Error ? error.message : String(error) });
        }
      },
      () => signal.encodeResponse(),
      // Decoded in the handler: what throws here would be answered INTERNAL, and malformed bytes are the sender's fault.
      (bytes) => bytes,
      'unary',
    );
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    connection: (socket) => injector.injectConnection(socket),
    close() {
      injector.destroy();
      server.forceShutdown();
    },
  };
}
