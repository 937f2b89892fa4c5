import type { SignalName } from '@benchlab-otel/analysis';
import type { MessageKind } from './messageKind.ts';
import { requestKinds } from './otlpMessages.ts';
import { readMessage } from './readMessage.ts';

/** How one OTLP service is reached and how its messages become objects. */
export interface Signal {
  readonly name: SignalName;
  /** `/opentelemetry.proto.collector.trace.v1.TraceService/Export` */
  readonly grpcPath: string;
  /** `/v1/traces` */
  readonly httpPath: string;
  /** The request, for `requestPieces`, which refuses what is malformed. */
  readonly kind: MessageKind;
  /** Bytes of a piece of a request to a plain object. */
  decode(bytes: Buffer): unknown;
  /** The empty response: everything was accepted. */
  encodeResponse(): Buffer;
}

const services = {
  traces: 'opentelemetry.proto.collector.trace.v1.TraceService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
} as const;

/** The three services of OTLP. */
export const signals: readonly Signal[] = (['traces', 'metrics', 'logs'] as const).map((name) => ({
  name,
  grpcPath: `/${services[name]}/Export`,
  httpPath: `/v1/${name}`,
  kind: requestKinds[name],
  decode: (bytes) => readMessage(bytes, requestKinds[name]),
  // A message without fields has no bytes.
  encodeResponse: () => Buffer.alloc(0),
}));
