import { messageOf } from '@benchlab-otel/core';
import { grpcStatus } from './grpcStatus.ts';

/**
 * What to do after an export to `endpoint` failed, one or two sentences.
 *
 * @param proxy the variable by which the connection goes through a proxy
 */
export function exportAdvice(error: unknown, endpoint: string, proxy: string | undefined): string {
  const status = grpcStatus(error);
  if (status === 'PERMISSION_DENIED' || status === 'UNAUTHENTICATED') {
    return 'Check the credentials: otlp.headers or OTEL_EXPORTER_OTLP_HEADERS.';
  }
  if (status === 'RESOURCE_EXHAUSTED') {
    return 'The collector throttles. Give it more capacity, or sample fewer traces (OTEL_TRACES_SAMPLER).';
  }
  if (status === 'UNIMPLEMENTED') {
    return `Another service answers there: set OTEL_EXPORTER_OTLP_ENDPOINT to the collector.${otlpHttp(endpoint)}`;
  }
  return connectionAdvice(messageOf(error), endpoint, proxy);
}

// The messages are those of @grpc/grpc-js 1.14 and of OpenSSL 3 in Node 20 to 24.
const plainServer = /wrong version number|packet length too long|record layer failure/i;
const unknownCertificate = /self-signed certificate|unable to (verify|get)|UNABLE_TO_|DEPTH_ZERO/i;
const otherHost = /ALTNAME_INVALID|does not match certificate/i;
const expired = /certificate has expired|CERT_HAS_EXPIRED/i;
const notGrpc = /Failed to connect|Protocol error/i;

function connectionAdvice(message: string, endpoint: string, proxy: string | undefined): string {
  const isTls = !/^(http|unix):/i.test(endpoint);
  if (plainServer.test(message)) {
    return 'The collector listens without TLS: write http:// before the host, or turn TLS on in the collector.';
  }
  if (expired.test(message)) return 'The certificate of the collector has expired: renew it.';
  if (otherHost.test(message)) {
    return 'The certificate of the collector is for another name: use a name that it has in OTEL_EXPORTER_OTLP_ENDPOINT.';
  }
  if (unknownCertificate.test(message)) {
    return 'The certificate of the collector is not known here: name the file of its CA in OTEL_EXPORTER_OTLP_CERTIFICATE.';
  }
  if (proxy !== undefined) {
    return `${proxy} sends this connection through a proxy. Add the host of the collector to no_proxy, or let the proxy pass gRPC.`;
  }
  if (!isTls && notGrpc.test(message)) {
    return `What listens there does not speak gRPC without TLS: write https:// if the collector has TLS.${otlpHttp(endpoint)}`;
  }
  return (
    'Start a collector there, set OTEL_EXPORTER_OTLP_ENDPOINT, or turn the export off: ' +
    `OTEL_TRACES_EXPORTER=none and OTEL_METRICS_EXPORTER=prometheus.${otlpHttp(endpoint)}`
  );
}

function otlpHttp(endpoint: string): string {
  return /:4318\/?$/.test(endpoint) ? ' 4318 is the port of OTLP over HTTP; that of gRPC is 4317.' : '';
}
