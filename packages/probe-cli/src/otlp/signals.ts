import { fileURLToPath } from 'node:url';
import type { SignalName } from '@benchlab-otel/analysis';
import protoLoader from '@grpc/proto-loader';
import type { MessageKind } from './messageBounds.ts';
import { messageKind } from './messageKind.ts';

/** How one OTLP service is reached and how its messages become objects. */
export interface Signal {
  readonly name: SignalName;
  /** `/opentelemetry.proto.collector.trace.v1.TraceService/Export` */
  readonly grpcPath: string;
  /** `/v1/traces` */
  readonly httpPath: string;
  /** The request, for `checkMessage`. */
  readonly kind: MessageKind;
  /** Bytes of a request to a plain object; throws on malformed bytes. */
  decode(bytes: Buffer): unknown;
  /** The empty response: everything was accepted. */
  encodeResponse(): Buffer;
}

const services: readonly { name: SignalName; file: string; service: string }[] = [
  { name: 'traces', file: 'trace_service.proto', service: 'opentelemetry.proto.collector.trace.v1.TraceService' },
  {
    name: 'metrics',
    file: 'metrics_service.proto',
    service: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
  },
  { name: 'logs', file: 'logs_service.proto', service: 'opentelemetry.proto.collector.logs.v1.LogsService' },
];

/** Loads the three services from the package's own .proto files. */
export function loadSignals(): readonly Signal[] {
  const definitions = protoLoader.loadSync(
    services.map(({ file }) => file),
    // 64-bit times as decimal strings: a number would lose nanoseconds. `proto` lies next to `src` and `dist`.
    { includeDirs: [fileURLToPath(new URL('../../proto', import.meta.url))], longs: String, defaults: false },
  );
  return services.map(({ name, service }): Signal => {
    const definition = definitions[service];
    const method = definition !== undefined && 'Export' in definition ? definition.Export : undefined;
    if (method === undefined || !('path' in method)) throw new TypeError(`${service} is not in proto/`);
    return {
      name,
      grpcPath: method.path,
      httpPath: `/v1/${name}`,
      kind: messageKind(definitions, method.requestType.type),
      decode: (bytes) => method.requestDeserialize(bytes),
      encodeResponse: () => method.responseSerialize({}),
    };
  });
}
