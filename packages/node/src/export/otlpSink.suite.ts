import { Server, ServerCredentials, type ServerUnaryCall, type StatusObject, type sendUnaryData } from '@grpc/grpc-js';

const services = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
} as const;

/** A collector on a loopback port that keeps the bytes that it receives. */
export interface OtlpSink {
  readonly endpoint: string;
  readonly traces: Buffer[];
  readonly metrics: Buffer[];
  readonly logs: Buffer[];
  readonly headers: Record<string, unknown>[];
  close(): Promise<void>;
}

/**
 * @param at a port, or an address as gRPC writes it; any free port unless given
 * @param refusal the error with which a request is refused, undefined to accept it
 */
export async function otlpSink(
  at: number | string = 0,
  refusal?: () => Partial<StatusObject> | undefined,
): Promise<OtlpSink> {
  const server = new Server();
  const sink = {
    traces: [] as Buffer[],
    metrics: [] as Buffer[],
    logs: [] as Buffer[],
    headers: [] as Record<string, unknown>[],
  };
  for (const signal of ['traces', 'metrics', 'logs'] as const) {
    const bytes = { serialize: (value: Buffer) => value, deserialize: (value: Buffer) => value };
    const method = {
      path: services[signal],
      requestStream: false,
      responseStream: false,
      requestSerialize: bytes.serialize,
      requestDeserialize: bytes.deserialize,
      responseSerialize: bytes.serialize,
      responseDeserialize: bytes.deserialize,
    };
    server.addService(
      { export: method },
      {
        export(call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>) {
          const refused = refusal?.();
          if (refused !== undefined) {
            respond(refused);
            return;
          }
          sink[signal].push(call.request);
          sink.headers.push(call.metadata.getMap());
          respond(null, Buffer.alloc(0)); // an empty response message: all was accepted
        },
      },
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      typeof at === 'string' ? at : `127.0.0.1:${at}`,
      ServerCredentials.createInsecure(),
      (error, bound) => (error ? reject(error) : resolve(bound)),
    );
  });
  return {
    ...sink,
    endpoint: typeof at === 'string' ? at : `http://127.0.0.1:${port}`,
    close: async () => server.forceShutdown(),
  };
}
