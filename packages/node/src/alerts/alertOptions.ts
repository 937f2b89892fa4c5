import { readFileSync } from 'node:fs';
import { knownOptions, messageOf, numberOption, OptionError, type OptionNames, wordOption } from '@benchlab-otel/core';
import { type AlertRule, type CheckedRule, checkedRules } from './alertRule.ts';

/** Alerts on the metrics of this process, sent without a Prometheus. There is no rule unless one is given. */
export interface AlertsOptions {
  readonly rules: readonly AlertRule[];
  /** Base URLs of Alertmanagers, each of which gets every alert: `http://127.0.0.1:9093`. */
  readonly alertmanagers?: readonly string[];
  /** A URL that gets one message for each state of an alert. */
  readonly webhook?: string;
  /** What the webhook takes: Slack's form, or a JSON object with all labels. Default `generic`. */
  readonly webhookForm?: WebhookForm;
  /** A file with the bearer token for all of them. It is read at each message. */
  readonly tokenFile?: string;
  /** Milliseconds between two looks at the metrics, 1,000 to 600,000. Default 15,000. */
  readonly intervalMs?: number;
}

const webhookForms = ['generic', 'slack'] as const;
/** What a webhook takes: a JSON object with all labels, or a text of Slack. */
export type WebhookForm = (typeof webhookForms)[number];

/** Where alerts are sent. */
export interface AlertAddress {
  readonly kind: 'alertmanager' | WebhookForm;
  readonly url: string;
  readonly tokenFile?: string;
}

export interface AlertsConfig {
  readonly rules: readonly CheckedRule[];
  readonly addresses: readonly AlertAddress[];
  readonly intervalMs: number;
}

const names: OptionNames<AlertsOptions> = {
  rules: true,
  alertmanagers: true,
  webhook: true,
  webhookForm: true,
  tokenFile: true,
  intervalMs: true,
};
const defaultIntervalMs = 15_000;
const maxAddresses = 8;

/** @throws OptionError that names the option. No error quotes a URL, which may hold a password. */
export function alertsConfig(options: AlertsOptions): AlertsConfig {
  knownOptions<AlertsOptions>('alerts', options, names);
  const { alertmanagers = [], webhook, webhookForm = 'generic', tokenFile } = options;
  if (!Array.isArray(alertmanagers) || alertmanagers.length > maxAddresses) {
    const allowed = `a list of at most ${maxAddresses} URLs`;
    throw new OptionError({ option: 'alerts.alertmanagers', value: alertmanagers, allowed });
  }
  wordOption('alerts.webhookForm', webhookForm, webhookForms);
  if (tokenFile !== undefined) bearerIn(tokenFile);
  const token = tokenFile === undefined ? {} : { tokenFile };
  const addresses: AlertAddress[] = alertmanagers.map((base, index) => {
    const url = checkedUrl(`alerts.alertmanagers[${index}]`, base).replace(/\/+$/, '');
    return { kind: 'alertmanager', url: `${url}/api/v2/alerts`, ...token };
  });
  if (webhook !== undefined) {
    addresses.push({ kind: webhookForm, url: checkedUrl('alerts.webhook', webhook), ...token });
  }
  if (addresses.length === 0) {
    const allowed = 'given, or alertmanagers: the address that alerts are sent to';
    throw new OptionError({ option: 'alerts.webhook', value: undefined, allowed });
  }
  const range = { least: 1_000, most: 600_000 };
  return {
    rules: checkedRules('alerts.rules', options.rules),
    addresses,
    intervalMs: numberOption('alerts.intervalMs', options.intervalMs ?? defaultIntervalMs, range),
  };
}

function checkedUrl(option: string, value: unknown): string {
  if (typeof value === 'string' && /^https?:\/\/./i.test(value) && URL.canParse(value)) return value;
  throw new OptionError({ option, value, allowed: 'a URL that begins with http:// or https://', isSecret: true });
}

/** The token in a file. @throws OptionError when it cannot be read, or is not one */
export function bearerIn(file: string): string {
  let text = '';
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    const allowed = `the path of a file that this user may read (${messageOf(cause)})`;
    throw new OptionError({ option: 'alerts.tokenFile', value: file, allowed }, { cause });
  }
  // Source: RFC 6750, section 2.1, b64token.
  if (/^[A-Za-z0-9\-._~+/]+=*$/.test(text)) return text;
  throw new OptionError({ option: 'alerts.tokenFile', value: file, allowed: 'a file with a bearer token alone' });
}
