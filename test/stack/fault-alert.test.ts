import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulateBoard } from '@benchlab-otel/emulator';
import { benchlabReceiver } from '@benchlab-otel/hw-receivers';
import { startTelemetry } from '@benchlab-otel/node';
import { expect, onTestFinished, test } from 'vitest';
import { type Notification, quickConfiguration, startWebhookServer } from './alerting.ts';
import { until } from './process.ts';
import { rulesFolder, startPrometheus } from './prometheus.ts';
import { startAlertmanager } from './servers.ts';

const limitMs = 60_000;

test('a connector fault of a board reaches a webhook, and its end too, within a minute', async () => {
  const webhook = await startWebhookServer();
  onTestFinished(webhook.stop);
  const alertmanager = await startAlertmanager(quickConfiguration(webhook.url));
  onTestFinished(alertmanager.stop);
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-rules-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const rules = join(folder, 'hardware.yml');
  // The shipped rules at the pace of the test: it scrapes each second.
  await writeFile(rules, (await readFile(join(rulesFolder, 'hardware.yml'), 'utf8')).replaceAll('for: 20s', 'for: 2s'));
  const prometheus = await startPrometheus({ alertmanagers: [alertmanager.target], rules: [rules] });
  onTestFinished(prometheus.stop);
  const board = await emulateBoard({ product: 'bl2' });
  onTestFinished(() => board.close());
  const telemetry = await startTelemetry({
    serviceName: 'bench',
    otlp: false,
    metricsPage: { port: 0 },
    receivers: [benchlabReceiver({ ports: [board.path] })],
    log: { level: 'silent' },
    env: {},
  });
  onTestFinished(async () => void (await telemetry.shutdown()));
  await prometheus.scrape({ services: new URL(telemetry.metricsUrl ?? '').host });
  await until('the faults in Prometheus', () => prometheus.query('benchlab_fault'));
  const notified = (status: Notification['status']) =>
    webhook.notifications.find(
      (each) =>
        each.status === status && each.alerts.some(({ labels }) => labels.alertname === 'HardwareConnectorFault'),
    );
  const begun = Date.now();

  board.connectorFaults = ['FAULT_OCP_HPWR1'];
  const firing = await until('the alert', () => notified('firing'), limitMs);
  board.connectorFaults = [];
  await until('its end', () => notified('resolved'), limitMs);

  const tookMs = Date.now() - begun;
  console.log(`From the fault to its end at the webhook: ${(tookMs / 1000).toFixed(1)} s`);
  expect(tookMs).toBeLessThan(limitMs);
  expect(firing.receiver).toBe('bench-page');
  expect(firing.alerts[0]?.labels).toMatchObject({ severity: 'critical', benchlab_simulated: 'true' });
  expect(firing.alerts[0]?.annotations.runbook_url).toBe('runbooks/HardwareConnectorFault.md');
});
