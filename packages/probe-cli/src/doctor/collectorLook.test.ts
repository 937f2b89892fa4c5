import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { collectorLook } from './collector/collectorLook.ts';

const closing: Server[] = [];
afterEach(() => {
  for (const server of closing.splice(0)) server.close();
});

async function listening<S extends Server>(server: S): Promise<number> {
  closing.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return (server.address() as AddressInfo).port;
}

const unowned = async () => undefined;
const idsOf = ({ findings }: { findings: readonly { id: string }[] }) => findings.map(({ id }) => id);

describe('the collector', () => {
  const grpc = (answer: (stream: ServerHttp2Stream, headers: Record<string, unknown>) => void) =>
    listening(createHttp2().on('stream', (stream, headers) => answer(stream, headers)) as unknown as Server);
  const http = (answer: (request: IncomingMessage, response: ServerResponse) => void) => listening(createHttp(answer));
  const status =
    (code: number, message = '') =>
    (stream: ServerHttp2Stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(code), 'grpc-message': message }));
      stream.end();
    };

  it('that accepts an empty export over gRPC has no finding, and gets the headers of the environment', async () => {
    const seen: Record<string, unknown>[] = [];
    const port = await grpc((stream, headers) => {
      seen.push(headers);
      status(0)(stream);
    });

    const look = await collectorLook(
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x',
      },
      unowned,
    );

    expect(look).toEqual({ findings: [], notLookedAt: [] });
    expect(seen).toEqual([
      expect.objectContaining({
        ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        authorization: 'Bearer x',
      }),
    ]);
  });

  it('that accepts an empty export over HTTP has no finding: each signal has its path', async () => {
    const seen: (string | undefined)[] = [];
    const port = await http((request, response) => {
      seen.push(request.url);
      response.setHeader('content-type', 'application/x-protobuf').end();
    });

    const look = await collectorLook(
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/base/`,
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `http://127.0.0.1:${port}/my/metrics`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        OTEL_LOGS_EXPORTER: 'none',
      },
      unowned,
    );

    expect(look).toEqual({ findings: [], notLookedAt: [] });
    expect(seen.toSorted()).toEqual(['/base/v1/traces', '/my/metrics']);
  });

  it('collector-refuses: gives the status and the message of gRPC', async () => {
    const port = await grpc(status(16, 'token is missing'));

    const { findings } = await collectorLook(
      { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      async (of) => `otelcol (process ${of})`,
    );

    expect(findings).toEqual([
      {
        id: 'collector-refuses',
        evidence: [
          `OTEL_EXPORTER_OTLP_ENDPOINT is http://127.0.0.1:${port}: to an empty export over grpc: gRPC status 16 UNAUTHENTICATED: token is missing.`,
          `The port belongs to otelcol (process ${port}).`,
        ],
        fix: expect.stringContaining('OTEL_EXPORTER_OTLP_HEADERS'),
      },
    ]);
  });

  it.each([
    ['http/protobuf', 401, '', /over http\/protobuf: HTTP 401 Unauthorized\./],
    ['http/json', 404, '', /over http\/json: HTTP 404 Not Found\./],
    ['http/protobuf', 200, 'text/html', /HTTP 200 with text\/html: it is not a collector\./],
    ['grpc', 200, 'text/html', /over grpc: it does not speak gRPC \(HTTP\/2\)/],
    [undefined, 500, '', /over grpc: it does not speak gRPC .*over http\/protobuf: HTTP 500/s],
  ])('collector-refuses: over %s, HTTP %d %s is one', async (protocol, code, type, evidence) => {
    const port = await http((_request, response) => {
      response.writeHead(code, type === '' ? {} : { 'content-type': type }).end('hello');
    });

    const { findings } = await collectorLook(
      { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_EXPORTER_OTLP_PROTOCOL: protocol },
      unowned,
    );

    expect(idsOf({ findings })).toEqual(['collector-refuses']);
    expect(findings[0]?.evidence.join('\n')).toMatch(evidence);
  });

  it('collector-unreachable: nothing listens, by TCP', async () => {
    const server = createServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));

    const { findings } = await collectorLook(
      {
        TELEMETRY_EXPORTER_ENDPOINT: `user:secret@127.0.0.1:${port}`,
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://user:secret@127.0.0.1:${port}`,
      },
      unowned,
    );

    expect(findings).toEqual([
      {
        id: 'collector-unreachable',
        evidence: [
          `OTEL_EXPORTER_OTLP_ENDPOINT is http://127.0.0.1:${port}: TCP fails: connect ECONNREFUSED 127.0.0.1:${port}.`,
        ],
        fix: expect.any(String),
      },
    ]);
  });

  it('collector-unreachable: it does not speak TLS', async () => {
    const port = await http((_request, response) => response.end());

    const { findings } = await collectorLook({ OTEL_EXPORTER_OTLP_ENDPOINT: `https://127.0.0.1:${port}` }, unowned);

    expect(findings[0]?.id).toBe('collector-unreachable');
    expect(findings[0]?.evidence[0]).toMatch(/: TLS fails: /);
  });

  it('collector-unreachable: a file for TLS is not there', async () => {
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://127.0.0.1:1',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/no/such/ca.pem',
    };

    const { findings } = await collectorLook(environment, unowned);

    expect(findings[0]?.evidence[0]).toContain('the file /no/such/ca.pem for TLS cannot be read');
  });

  it.each([
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://user:secret@collector:4317' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'thrift' },
  ])('endpoint-malformed: %j', async (environment) => {
    const { findings } = await collectorLook(environment, unowned);

    expect(idsOf({ findings })).toEqual(['endpoint-malformed']);
    expect(JSON.stringify(findings)).not.toContain('secret');
  });

  it('is not looked at where no variable names it', async () => {
    const { findings, notLookedAt } = await collectorLook({}, unowned);

    expect(findings).toEqual([]);
    expect(notLookedAt[0]).toMatchObject({ ids: ['collector-unreachable', 'collector-refuses'] });
  });
});
