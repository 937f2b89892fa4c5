import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { freePorts } from './process.ts';

/** The folder that users get. */
export const alertmanagerFolder: string = fileURLToPath(
  new URL('../../collector-config/alertmanager/', import.meta.url),
);

export interface Notification {
  /** Of the receiver in alertmanager.yml. */
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

export interface WebhookServer {
  readonly url: string;
  readonly notifications: readonly Notification[];
  /** The headers and the body of every request. */
  readonly requests: readonly { readonly path: string; readonly authorization?: string; readonly body: string }[];
  stop(): Promise<void>;
}

/** A receiver of webhooks on loopback that keeps what it gets. */
export async function startWebhookServer(): Promise<WebhookServer> {
  const [port] = await freePorts(1);
  const notifications: Notification[] = [];
  const requests: WebhookServer['requests'][number][] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      const { authorization } = request.headers;
      requests.push({ path: request.url ?? '', body, ...(authorization === undefined ? {} : { authorization }) });
      const json = JSON.parse(body) as Partial<Notification>;
      if (json.alerts !== undefined) notifications.push(json as Notification);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    notifications,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

interface Route {
  group_wait?: string;
  group_interval?: string;
  repeat_interval?: string;
  readonly routes?: readonly Route[];
}

interface Settings {
  global: object;
  readonly route: Route;
  receivers: readonly { readonly name: string }[];
  templates: readonly string[];
}

/** The shipped routes and inhibitions at a faster pace, with every receiver a webhook. */
export function quickConfiguration(webhookUrl: string): string {
  const settings = shippedSettings();
  hurry(settings.route);
  settings.global = { resolve_timeout: '5m' };
  settings.templates = [];
  settings.receivers = settings.receivers.map(({ name }) => ({
    name,
    ...(name === 'quiet' ? {} : { webhook_configs: [{ url: `${webhookUrl}/${name}`, send_resolved: true }] }),
  }));
  return stringify(settings, { aliasDuplicateObjects: false });
}

/** The shipped file as it stands, but for the pace and the mail server; its relative paths begin at `folder`. */
export function shippedConfiguration(mailServer: string): string {
  const settings = shippedSettings();
  hurry(settings.route);
  settings.global = { ...settings.global, smtp_smarthost: mailServer, smtp_require_tls: false };
  settings.templates = [`${alertmanagerFolder}templates/*.tmpl`];
  return stringify(settings, { aliasDuplicateObjects: false });
}

function shippedSettings(): Settings {
  return parse(readFileSync(`${alertmanagerFolder}alertmanager.yml`, 'utf8'), { merge: true }) as Settings;
}

function hurry(route: Route): void {
  if (route.group_wait !== undefined) route.group_wait = '1s';
  if (route.group_interval !== undefined) route.group_interval = '1s';
  for (const each of route.routes ?? []) hurry(each);
}

/** Hands alerts to Alertmanagers as Prometheus does, to each of them. */
export async function sendAlerts(
  urls: readonly string[],
  alerts: readonly Readonly<Record<string, string>>[],
): Promise<void> {
  const startsAt = new Date().toISOString();
  const body = JSON.stringify(
    alerts.map((labels) => ({ labels, annotations: { summary: labels.alertname }, startsAt })),
  );
  for (const url of urls) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`Alertmanager refused alerts: ${await response.text()}`);
  }
}
