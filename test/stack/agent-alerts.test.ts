import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulateBoard } from '@benchlab-otel/emulator';
import { expect, onTestFinished, test } from 'vitest';
import { bin, startNode } from '../../packages/probe-cli/src/host/childProbe.suite.ts';
import { type Notification, quickConfiguration, startWebhookServer } from './alerting.ts';
import { until } from './process.ts';
import { startAlertmanager } from './servers.ts';

const limitMs = 60_000;

const configuration = (alertmanager: string, receivers: string) => `
[agent]
sources = ${receivers}
[alerts]
alertmanagers = ["${alertmanager}"]
interval_sec = 1
[[alerts.rules]]
name = "BenchPowerAbsent"
series = "hw_host_power_watts"
when = "absent"
for = "1s"
severity = "critical"
summary = "No board of this host reports power."
`;

test('two agents make one alert of a real Alertmanager, which ends when both have a board after a reload', async () => {
  const webhook = await startWebhookServer();
  onTestFinished(webhook.stop);
  const alertmanager = await startAlertmanager(quickConfiguration(webhook.url));
  onTestFinished(alertmanager.stop);
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-alerts-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const agents = await Promise.all(
    ['1', '2'].map(async (name, index) => {
      const board = await emulateBoard({ serial: index + 1 });
      onTestFinished(() => board.close());
      const config = join(folder, `${name}.toml`);
      await writeFile(config, configuration(alertmanager.url, '["host"]'));
      const args = ['--config', config, '--socket', join(folder, `${name}.sock`), '--metrics-port', '0'];
      const running = startNode([bin, 'agent', ...args]);
      onTestFinished(() => void running.close());
      await running.shown(/The agent runs/);
      return { running, config, board };
    }),
  );
  const present = async () => {
    const response = await fetch(`${alertmanager.url}/api/v2/alerts`);
    return (await response.json()) as readonly { labels: Readonly<Record<string, string>> }[];
  };
  const notified = (status: Notification['status']) => webhook.notifications.find((each) => each.status === status);

  const firing = await until('the alert at the webhook', () => notified('firing'), limitMs);
  await Promise.all(agents.map(({ running }) => running.shown(/The alert BenchPowerAbsent fires/)));
  const both = await present();
  for (const { running, config, board } of agents) {
    const receivers = `["host", "benchlab"]\n[benchlab]\ndevice = "${board.path}"`;
    await writeFile(config, configuration(alertmanager.url, receivers));
    running.child.kill('SIGHUP');
  }
  await Promise.all(agents.map(({ running }) => running.shown(/The alert BenchPowerAbsent is resolved/)));
  const resolved = await until('its end at the webhook', () => notified('resolved'), limitMs);

  expect(both.map(({ labels }) => labels)).toEqual([{ alertname: 'BenchPowerAbsent', severity: 'critical' }]);
  expect([firing.alerts.length, resolved.alerts.length]).toEqual([1, 1]);
  expect(firing.alerts[0]?.annotations.summary).toBe('No board of this host reports power.');
  expect(await present()).toEqual([]);
});
