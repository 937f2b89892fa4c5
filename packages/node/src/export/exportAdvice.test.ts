import { expect, it } from 'vitest';
import { exportAdvice } from './exportAdvice.ts';

const grpc = (code: number, message: string) => Object.assign(new Error(`${code} ${message}`), { code });
const connection = (cause: string) => grpc(14, `UNAVAILABLE: No connection established. Last error: ${cause}`);

it.each([
  [
    'TLS against plain',
    connection('error:0A00010B:SSL routines:ssl3_get_record:wrong version number'),
    'https://c:4317',
    /without TLS: write http:\/\//,
  ],
  [
    'TLS against plain, in Node 24',
    connection('error:0A0000C6:SSL routines:tls_get_more_records:packet length too long'),
    'c:4317',
    /without TLS/,
  ],
  [
    'plain against TLS',
    connection('Failed to connect (2026-11-30T09:04:20.627Z)'),
    'http://c:4317',
    /write https:\/\//,
  ],
  [
    'an HTTP server',
    connection('Protocol error (2026-11-30T09:04:20.842Z)'),
    'http://c:4318',
    /4318 is the port of OTLP over HTTP/,
  ],
  [
    'an unknown certificate',
    connection('Error: self-signed certificate'),
    'https://c:4317',
    /OTEL_EXPORTER_OTLP_CERTIFICATE/,
  ],
  [
    'an unknown CA',
    connection('Error: unable to verify the first certificate'),
    'https://c:4317',
    /OTEL_EXPORTER_OTLP_CERTIFICATE/,
  ],
  [
    'a certificate of another name',
    connection("Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames"),
    'https://c:4317',
    /for another name/,
  ],
  ['an expired certificate', connection('Error: certificate has expired'), 'https://c:4317', /has expired: renew it/],
  [
    'nothing that listens',
    connection('Error: connect ECONNREFUSED 127.0.0.1:4317'),
    'http://c:4317',
    /Start a collector there/,
  ],
  [
    'a host without an address',
    grpc(14, 'UNAVAILABLE: Name resolution failed for target dns:c:4317'),
    'http://c:4317',
    /Start a collector there/,
  ],
  ['a collector that throttles', grpc(8, 'RESOURCE_EXHAUSTED: too many requests'), 'http://c:4317', /throttles/],
  ['wrong credentials', grpc(16, 'UNAUTHENTICATED'), 'http://c:4317', /OTEL_EXPORTER_OTLP_HEADERS/],
  ['another gRPC service', grpc(12, 'UNIMPLEMENTED'), 'http://c:4317', /Another service answers/],
  [
    'a missing socket',
    connection('Error: connect ENOENT /run/otel.sock'),
    'unix:///run/otel.sock',
    /Start a collector there/,
  ],
  ['an error that gRPC did not make', 'no text', 'http://c:4317', /Start a collector there/],
])('%s has advice of its own', (_, error, endpoint, advice) => {
  expect(exportAdvice(error, endpoint, undefined)).toMatch(advice);
});

it.each(['grpc_proxy', 'http_proxy'])('a proxy by %s is named where the connection fails', (name) => {
  expect(exportAdvice(connection('undefined'), 'http://c:4317', name)).toMatch(
    new RegExp(`^${name} sends .* no_proxy`),
  );
});

it('a proxy is not blamed for a certificate', () => {
  const error = connection('Error: self-signed certificate');
  expect(exportAdvice(error, 'https://c:4317', 'https_proxy')).toContain('OTEL_EXPORTER_OTLP_CERTIFICATE');
});
