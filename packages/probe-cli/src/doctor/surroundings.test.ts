import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { collectorLook } from './collector/collectorLook.ts';
import { environmentLook } from './environmentLook.ts';
import { clockLook, instantNow, stepLook } from './host/clockLook.ts';
import { deviceLook } from './host/deviceLook.ts';
import { pagePort, portLook } from './host/portLook.ts';
import { portOwner } from './host/portOwner.ts';
import { machine } from './project.suite.ts';

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

describe('the environment', () => {
  it.each([
    [{ OTEL_SDK_DISABLED: ' TRUE ' }, 'sdk-disabled', 'OTEL_SDK_DISABLED is true.'],
    [{ OTEL_TRACES_EXPORTER: 'none' }, 'exporter-off', 'OTEL_TRACES_EXPORTER is none.'],
    [{ OTEL_METRICS_EXPORTER: 'none' }, 'exporter-off', 'OTEL_METRICS_EXPORTER is none.'],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, 'sampler-off', 'OTEL_TRACES_SAMPLER is always_off.'],
    [
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.0' },
      'sampler-off',
      'OTEL_TRACES_SAMPLER is parentbased_traceidratio, and OTEL_TRACES_SAMPLER_ARG is 0.0.',
    ],
  ])('%j is %s', (environment, id, evidence) => {
    expect(environmentLook(environment).findings).toEqual([{ id, evidence: [evidence], fix: expect.any(String) }]);
  });

  it.each([
    {},
    { OTEL_SDK_DISABLED: 'false', OTEL_TRACES_EXPORTER: 'otlp', OTEL_TRACES_SAMPLER: 'always_on' },
    { OTEL_TRACES_SAMPLER: 'traceidratio' },
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'much' },
  ])('%j has no finding', (environment) => {
    expect(environmentLook(environment)).toEqual({ findings: [], notLookedAt: [] });
  });
});

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

describe('the port of the metrics page', () => {
  it('port-taken: names the variable, the port and the process that has it', async () => {
    const port = await listening(createServer());

    const { findings } = await portLook(pagePort({ PROMETHEUS_PORT: String(port) }, undefined), (of) =>
      portOwner('/', of),
    );

    expect(findings).toEqual([
      {
        id: 'port-taken',
        evidence: [
          `PROMETHEUS_PORT wants port ${port} of 127.0.0.1 for the metrics page, and it is in use.`,
          expect.stringMatching(new RegExp(` \\(process ${process.pid}\\) listens on it\\.$`)),
        ],
        fix: expect.stringContaining('OTEL_EXPORTER_PROMETHEUS_PORT'),
      },
    ]);
  });

  it('has no finding where it is free, and is free again after the look', async () => {
    const server = createServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));

    for (const _look of [1, 2]) {
      expect(await portLook({ port, host: '127.0.0.1', by: 'x' }, unowned)).toEqual({ findings: [], notLookedAt: [] });
    }
  });

  it.each([
    [{}, undefined, undefined],
    [{}, '@benchlab-otel/node', { port: 9464, host: '127.0.0.1', by: '@benchlab-otel/node' }],
    [{ PROMETHEUS_PORT: 'tcp://10.0.0.1:9090' }, undefined, undefined],
    [
      { PROMETHEUS_PORT: '1', OTEL_EXPORTER_PROMETHEUS_PORT: '2' },
      undefined,
      { port: 2, host: '127.0.0.1', by: 'OTEL_EXPORTER_PROMETHEUS_PORT' },
    ],
    [{ PROMETHEUS_PORT: '70000' }, undefined, undefined],
  ])('of %j with %s is %j', (environment, installed, expected) => {
    expect(pagePort(environment, installed)).toEqual(expected);
  });

  it('is not looked at where nothing wants one, or where its host is not ours', async () => {
    expect((await portLook(undefined, unowned)).notLookedAt[0]?.ids).toEqual(['port-taken']);
    const { findings, notLookedAt } = await portLook({ port: 9464, host: '192.0.2.1', by: 'x' }, unowned);
    expect(findings).toEqual([]);
    expect(notLookedAt[0]?.because).toMatch(/^port 9464 of 192\.0\.2\.1 could not be tried: /);
  });
});

describe('the devices of a bench', () => {
  /** sysfs of one board, with what udev knows of it. */
  const board = {
    'sys/devices/usb1/1-1/idVendor': '0483\n',
    'sys/devices/usb1/1-1/idProduct': '5740\n',
    'sys/devices/usb1/1-1/devnum': '7\n',
    'sys/devices/usb1/1-1/1-1:1.0/name': '',
    'sys/class/tty/ttyACM0/dev': '166:0\n',
    'dev/ttyACM0': '',
    'run/udev/data/c166:0': 'E:ID_VENDOR_ID=0483\nE:ID_MM_DEVICE_IGNORE=1\n',
  };
  const bench = async (files: Record<string, string>, more: Parameters<typeof machine>[1] = {}) => {
    const host = machine(files, more);
    if ('sys/class/tty/ttyACM0/dev' in files) {
      const { symlinkSync } = await import('node:fs');
      symlinkSync(`${host.root}/sys/devices/usb1/1-1/1-1:1.0`, `${host.root}/sys/class/tty/ttyACM0/device`);
    }
    return deviceLook(host);
  };

  it('have no finding where this user may read them', async () => {
    expect(await bench({ ...board, 'dev/nvidia0': '', 'sys/class/powercap/intel-rapl:0/energy_uj': '1' })).toEqual({
      findings: [],
      notLookedAt: [],
    });
  });

  it('serial-permission: names the port, its group and the groups of the user', async () => {
    const { findings } = await bench(
      { ...board, 'etc/group': 'root:x:0:\ndialout:x:20:\n' },
      { mayReadAndWrite: async () => false },
    );

    expect(findings).toEqual([
      {
        id: 'serial-permission',
        evidence: [
          expect.stringMatching(
            /^\/dev\/ttyACM0 has the USB id of a BENCHLAB board, and this user may not open it\. It has group \S+ and mode \d+\.$/,
          ),
          'The groups of this user are users.',
        ],
        fix: expect.stringMatching(/udev rule.*usermod -aG/),
      },
    ]);
  });

  it('modem-manager: it runs, and udev does not keep it from the port', async () => {
    const { findings } = await bench({
      ...board,
      'run/udev/data/c166:0': 'E:ID_VENDOR_ID=0483\n',
      'proc/321/comm': 'ModemManager\n',
      'proc/1/comm': 'systemd\n',
    });

    expect(findings).toEqual([
      {
        id: 'modem-manager',
        evidence: ['ModemManager (process 321) runs, and udev does not mark /dev/ttyACM0 with ID_MM_DEVICE_IGNORE.'],
        fix: expect.any(String),
      },
    ]);
  });

  it('modem-manager: has no finding where udev marks the port, and is not looked at without what udev knows', async () => {
    const running = { ...board, 'proc/321/comm': 'ModemManager\n' };
    expect((await bench(running)).findings).toEqual([]);

    const { findings, notLookedAt } = await bench({ ...running, 'run/udev/data/c166:0': '' });

    expect(findings).toEqual([]);
    expect(notLookedAt).toContainEqual({
      ids: ['modem-manager'],
      because: 'what udev knows of /dev/ttyACM0 cannot be read',
    });
  });

  it('nvml-missing: there is a GPU, and the loader states why the library cannot be loaded', async () => {
    const { findings } = await bench(
      { 'dev/nvidia0': '' },
      { libraryProblem: async (name) => `${name}: no such file` },
    );

    expect(findings).toEqual([
      {
        id: 'nvml-missing',
        evidence: ['There is /dev/nvidia0, and libnvidia-ml.so.1 cannot be loaded: libnvidia-ml.so.1: no such file.'],
        fix: expect.any(String),
      },
    ]);
  });

  it('rapl-permission: names each counter that may not be read', async () => {
    const { findings } = await bench(
      { 'sys/class/powercap/intel-rapl:0/energy_uj': '1' },
      { mayRead: async () => false },
    );

    expect(findings).toEqual([
      {
        id: 'rapl-permission',
        evidence: ['/sys/class/powercap/intel-rapl:0/energy_uj may not be read by this user.'],
        fix: expect.any(String),
      },
    ]);
  });

  it('are not looked at where there are none, with the reason for each', async () => {
    const { findings, notLookedAt } = await bench({});

    expect(findings).toEqual([]);
    expect(notLookedAt.flatMap(({ ids }) => ids).toSorted()).toEqual([
      'modem-manager',
      'nvml-missing',
      'rapl-permission',
      'serial-permission',
    ]);
  });
});

describe('the clock', () => {
  it('clock-unsynchronised: the kernel states it', async () => {
    expect(idsOf(await clockLook(machine({}, { clock: async () => 'unsynchronised' })))).toEqual([
      'clock-unsynchronised',
    ]);
    expect(await clockLook(machine())).toEqual({ findings: [], notLookedAt: [] });
    expect(await clockLook(machine({}, { clock: async () => undefined }))).toMatchObject({
      findings: [],
      notLookedAt: [{ ids: ['clock-unsynchronised'] }],
    });
  });

  it.each([
    [3_000, 'In 10.00 s, the wall clock moved forward by 3.00 s against the monotonic clock.'],
    [-1_500, 'In 10.00 s, the wall clock moved back by 1.50 s against the monotonic clock.'],
  ])('clock-step: it moved by %d ms more than the time that passed', (stepMs, evidence) => {
    const { findings } = stepLook(
      { monotonicMs: 0, wallMs: 1e12 },
      { monotonicMs: 10_000, wallMs: 1e12 + 10_000 + stepMs },
    );

    expect(findings).toEqual([{ id: 'clock-step', evidence: [evidence], fix: expect.any(String) }]);
  });

  it.each([900, -900, 0])('clock-step: %d ms in 10 s can be a slew, and are no finding', (movedMs) => {
    expect(stepLook({ monotonicMs: 0, wallMs: 0 }, { monotonicMs: 10_000, wallMs: 10_000 + movedMs }).findings).toEqual(
      [],
    );
  });

  it('clock-step: two instants of this process show none', () => {
    expect(stepLook(instantNow(), instantNow()).findings).toEqual([]);
  });
});
