import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { collectorConfigs, shipped } from './configs.ts';
import { installed } from './process.ts';
import { prometheusConfig, startPrometheus } from './prometheus.ts';
import {
  agentConfig,
  jaegerConfig,
  jaegerListeners,
  startAlertmanager,
  startCollector,
  startJaeger,
} from './servers.ts';

const run = promisify(execFile);

test.each(collectorConfigs())('the collector accepts %s as it stands, without any variable set', async (name) => {
  const path = { PATH: process.env.PATH };

  await expect(
    run(installed('benchlab-otelcol'), ['validate', `--config=file:${shipped(name)}`], { env: path }),
  ).resolves.toMatchObject({ stderr: '' });
});

test('the collector refuses agent.yaml with a setting that it does not know', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-agent-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const broken = join(folder, 'agent.yaml');
  await writeFile(broken, (await readFile(agentConfig, 'utf8')).replace('limit_mib:', 'limit_megabytes:'));

  await expect(run(installed('benchlab-otelcol'), ['validate', `--config=file:${broken}`])).rejects.toThrow(
    'limit_megabytes',
  );
});

test('agent.yaml limits memory before anything else, and names no component that may not be there', async () => {
  const { service, extensions } = await agentSettings();

  for (const { processors } of Object.values(service.pipelines)) {
    expect(processors[0]).toBe('memory_limiter');
    expect(processors).not.toContain('batch');
  }
  expect(Object.keys(extensions)).not.toContain('pprof');
});

test('what agent.yaml pushes waits in a bounded queue on disk', async () => {
  const { exporters } = await agentSettings();
  const pushing = Object.entries(exporters).filter(([name]) => name !== 'prometheus');

  expect(pushing.length).toBeGreaterThan(0);
  for (const [name, { sending_queue: queue }] of pushing) {
    expect({ name, ...queue }).toMatchObject({
      storage: 'file_storage',
      queue_size: expect.any(Number),
    });
    expect(queue?.batch?.max_size).toBeGreaterThan(0);
  }
});

test('agent.yaml listens on loopback only', async () => {
  const { receivers, extensions, exporters } = await agentSettings();
  const endpoints = [
    receivers.otlp.protocols.grpc.endpoint,
    receivers.otlp.protocols.http.endpoint,
    extensions.health_check.endpoint,
    exporters.prometheus?.endpoint,
  ];

  expect(endpoints.map((endpoint) => endpoint?.split(':')[0])).toEqual(endpoints.map(() => '127.0.0.1'));
});

test('Prometheus accepts prometheus.yml without a finding', async () => {
  const { stdout } = await run(installed('promtool'), [
    'check',
    'config',
    '--lint=all',
    '--lint-fatal',
    prometheusConfig,
  ]);

  expect(stdout).toContain('SUCCESS');
});

test('Prometheus says which version it is', async () => {
  const { stdout } = await run(installed('prometheus'), ['--version']);

  expect(stdout).toContain('version 3.15.0');
});

test('the collector starts with agent.yaml while both stores are away', async () => {
  const collector = await startCollector({});
  onTestFinished(collector.stop);

  const page = await (await fetch(`http://${collector.telemetryTarget}/metrics`)).text();

  expect(page).toContain('otelcol_process_uptime_seconds_total');
});

test('Prometheus starts with prometheus.yml and takes OTLP', async () => {
  const prometheus = await startPrometheus();
  onTestFinished(prometheus.stop);

  const response = await fetch(`${prometheus.otlpEndpoint}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"resourceMetrics":[]}',
  });

  expect(response.status).toBe(200);
});

test('Alertmanager starts', async () => {
  const alertmanager = await startAlertmanager('route:\n  receiver: none\nreceivers:\n  - name: none\n');
  onTestFinished(alertmanager.stop);

  const status = await (await fetch(`${alertmanager.url}/api/v2/status`)).json();

  expect(status).toMatchObject({ versionInfo: { version: '0.31.1' } });
});

test('jaeger.yaml puts every listener on loopback, and the tests give each of them another port', async () => {
  const addresses = [...(await readFile(jaegerConfig, 'utf8')).matchAll(/host-port: "(.*):\d+"/g)];

  expect(addresses).toHaveLength(jaegerListeners.length);
  expect(new Set(addresses.map(([, host]) => host))).toEqual(new Set(['127.0.0.1']));
});

test('Jaeger starts with jaeger.yaml and answers queries', async () => {
  const jaeger = await startJaeger();
  onTestFinished(jaeger.stop);

  const response = await fetch(`${jaeger.url}/api/services`);

  expect(await response.json()).toMatchObject({ errors: null });
});

interface AgentSettings {
  readonly service: { readonly pipelines: Readonly<Record<string, { readonly processors: readonly string[] }>> };
  readonly receivers: { readonly otlp: { readonly protocols: Record<'grpc' | 'http', { readonly endpoint: string }> } };
  readonly extensions: { readonly health_check: { readonly endpoint: string } };
  readonly exporters: Readonly<
    Record<
      string,
      {
        readonly endpoint: string;
        readonly sending_queue?: { readonly queue_size: number; readonly batch?: { readonly max_size: number } };
      }
    >
  >;
}

/** agent.yaml as the collector understands it, with its defaults. */
async function agentSettings(): Promise<AgentSettings> {
  const args = ['print-config', '--format=json', `--config=file:${agentConfig}`];
  const { stdout } = await run(installed('benchlab-otelcol'), args, { env: { PATH: process.env.PATH } });
  return JSON.parse(stdout) as AgentSettings;
}
