import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  alertmanagerFolder,
  quickConfiguration,
  sendAlerts,
  shippedConfiguration,
  startWebhookServer,
  type WebhookServer,
} from './alerting.ts';
import { startMailServer } from './mailServer.ts';
import { freePorts, installed, until } from './process.ts';
import { startAlertmanager } from './servers.ts';

const run = promisify(execFile);
const config = join(alertmanagerFolder, 'alertmanager.yml');

type Labels = Readonly<Record<string, string>>;
interface RouteCase {
  readonly labels: Labels;
  readonly receivers: readonly string[];
}
interface Inhibition {
  readonly title: string;
  readonly source: Labels;
  readonly silenced: readonly Labels[];
  readonly notified: readonly Labels[];
}
const read = <T>(name: string) => JSON.parse(readFileSync(join(alertmanagerFolder, name), 'utf8')) as readonly T[];
const routes = read<RouteCase>('routes.json');
const inhibitions = read<Inhibition>('inhibitions.json');

test('amtool accepts alertmanager.yml and its templates', async () => {
  const { stdout } = await run(installed('amtool'), ['check-config', config]);

  expect(stdout).toContain('SUCCESS');
  expect(stdout).toContain('1 templates');
});

describe('routes', () => {
  test.each(routes.map((each) => [each.labels.alertname, each.labels.severity, each.receivers.join(), each] as const))(
    '%s, %s, goes to %s',
    async (_alert, _severity, _receivers, { labels, receivers }) => {
      const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);

      const check = ['config', 'routes', 'test', `--config.file=${config}`, `--verify.receivers=${receivers}`];
      const { stdout } = await run(installed('amtool'), [...check, ...pairs]);

      expect(stdout.trim()).toBe(receivers.join());
    },
  );

  test('amtool finds a case that goes elsewhere', async () => {
    const args = [
      'config',
      'routes',
      'test',
      `--config.file=${config}`,
      '--verify.receivers=quiet',
      'severity=critical',
    ];

    await expect(run(installed('amtool'), args)).rejects.toThrow();
  });

  test('each receiver has a case', () => {
    const names = [...readFileSync(config, 'utf8').matchAll(/^ {2}- name: (\S+)/gm)].map(([, name]) => name);

    expect([...new Set(routes.flatMap(({ receivers }) => receivers))].sort()).toEqual(names.sort());
  });
});

describe('inhibitions', () => {
  test('each has a case', () => {
    expect(readFileSync(config, 'utf8').match(/- source_matchers/g)).toHaveLength(inhibitions.length);
  });

  test.each(inhibitions.map((each) => [each.title, each] as const))('%s', async (_, { source, silenced, notified }) => {
    const webhook = await startedWebhook();
    const alertmanager = await startAlertmanager(quickConfiguration(webhook.url));
    onTestFinished(alertmanager.stop);

    await sendAlerts([alertmanager.url], [source]);
    await until('the source', () => notifiedOf(webhook, source).length > 0);
    await sendAlerts([alertmanager.url], [...silenced, ...notified]);
    for (const labels of notified) await until(`${labels.alertname}`, () => notifiedOf(webhook, labels).length > 0);

    for (const labels of silenced) {
      expect(await inhibitorsOf(alertmanager.url, labels), JSON.stringify(labels)).toHaveLength(1);
      expect(notifiedOf(webhook, labels)).toEqual([]);
    }
    for (const labels of notified) expect(await inhibitorsOf(alertmanager.url, labels)).toEqual([]);
  });
});

describe('two Alertmanagers that know each other', () => {
  test.each([
    ['first', 0],
    ['second', 1],
  ] as const)('notify once together, and once after the %s is killed', async (_, killed) => {
    const webhook = await startedWebhook();
    const configuration = quickConfiguration(webhook.url);
    const ports = await freePorts(2);
    const [one, two] = ports.map((port) => `127.0.0.1:${port}`) as [string, string];
    const members = [
      await startAlertmanager(configuration, { cluster: { listen: one, peers: [] } }),
      await startAlertmanager(configuration, { cluster: { listen: two, peers: [one] } }),
    ];
    onTestFinished(async () => void (await Promise.all(members.map((member) => member.stop()))));
    const urls = members.map(({ url }) => url);
    await until('the cluster', async () => (await Promise.all(urls.map(isSettled))).every(Boolean));
    const before = { alertname: 'CollectorDataLost', severity: 'critical', job: 'before' };
    const after = { ...before, job: 'after' };

    await sendAlerts(urls, [before]);
    await until('the notification', () => notifiedOf(webhook, before).length > 0);
    await longerThanAPeerWaits();
    expect(notifiedOf(webhook, before)).toHaveLength(1);

    await members[killed]?.kill();
    const left = [urls[1 - killed] ?? ''];
    await sendAlerts(left, [before, after]);
    await until('the notification of the member that is left', () => notifiedOf(webhook, after).length > 0);
    await longerThanAPeerWaits();
    expect(notifiedOf(webhook, after)).toHaveLength(1);
    expect(notifiedOf(webhook, before)).toHaveLength(1);
  });
});

test('the shipped receivers send mail, Slack and webhooks, with secrets from files and links from templates', async () => {
  const webhook = await startedWebhook();
  const mail = await startMailServer();
  onTestFinished(mail.stop);
  const secrets = await mkdtemp(join(tmpdir(), 'benchlab-secrets-'));
  onTestFinished(() => rm(secrets, { recursive: true }));
  await mkdir(join(secrets, 'secrets'));
  const secret = (name: string, value: string) => writeFile(join(secrets, 'secrets', name), value, { mode: 0o600 });
  await secret('webhook-url', `${webhook.url}/page`);
  await secret('webhook-token', 'the-token');
  await secret('slack-url', `${webhook.url}/slack`);
  const configuration = shippedConfiguration(mail.address).replaceAll(' secrets/', ` ${secrets}/secrets/`);
  const alertmanager = await startAlertmanager(configuration);
  onTestFinished(alertmanager.stop);

  await sendAlerts(
    [alertmanager.url],
    [{ alertname: 'BitNetRustServiceDown', severity: 'critical', implementation: 'rust' }],
  );

  const page = await until('the webhook', () => webhook.requests.find(({ path }) => path === '/page'));
  const slack = await until('Slack', () => webhook.requests.find(({ path }) => path === '/slack'));
  const message = await until('the mail', () => mail.mails[0]);
  expect(page.authorization).toBe('Bearer the-token');
  expect(slack.body).toContain('[FIRING 1] critical BitNetRustServiceDown');
  expect(message).toContain('Subject: [FIRING 1] critical BitNetRustServiceDown');
  expect(message.replaceAll('=\r\n', '')).toContain('collector-config/');
  expect(readFileSync(config, 'utf8')).not.toMatch(
    /hooks\.slack\.com|^\s*(?:- )?(?:url|api_url|password|credentials|smtp_auth_password):/m,
  );
});

async function startedWebhook(): Promise<WebhookServer> {
  const webhook = await startWebhookServer();
  onTestFinished(webhook.stop);
  return webhook;
}

/** Notifications that hold an alert with these labels while it fires. */
function notifiedOf({ notifications }: WebhookServer, labels: Labels) {
  return notifications.filter(({ alerts }) =>
    alerts.some(
      (alert) =>
        alert.status === 'firing' && Object.entries(labels).every(([name, value]) => alert.labels[name] === value),
    ),
  );
}

interface AlertOfApi {
  readonly labels: Labels;
  readonly status: { readonly inhibitedBy: readonly string[] };
}

async function inhibitorsOf(url: string, labels: Labels): Promise<readonly string[]> {
  const alerts = (await (await fetch(`${url}/api/v2/alerts`)).json()) as readonly AlertOfApi[];
  const alert = alerts.find(
    (each) =>
      Object.keys(each.labels).length === Object.keys(labels).length &&
      Object.entries(labels).every(([name, value]) => each.labels[name] === value),
  );
  if (alert === undefined) throw new Error(`Alertmanager does not have ${JSON.stringify(labels)}.`);
  return alert.status.inhibitedBy;
}

async function isSettled(url: string): Promise<boolean> {
  const { cluster } = (await (await fetch(`${url}/api/v2/status`)).json()) as {
    cluster: { status: string; peers?: readonly unknown[] };
  };
  return cluster.status === 'ready' && cluster.peers?.length === 2;
}

/** --cluster.peer-timeout of the helper is two seconds: a second notification would come by then. */
function longerThanAPeerWaits(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5000));
}
