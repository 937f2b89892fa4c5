import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { environmentLook } from './environmentLook.ts';
import { clockLook, instantNow, stepLook } from './host/clockLook.ts';
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
