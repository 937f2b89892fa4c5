import type { AlertAddress } from './alertOptions.ts';
import type { ActiveAlert } from './alertStates.ts';

/** A state of an alert that an address is to be informed of. Times are of the wall clock, ms since 1970. */
export interface AlertNotice {
  readonly alert: ActiveAlert;
  readonly status: 'firing' | 'resolved';
  readonly startMs: number;
  /** When it ended; of a firing alert, when it ends unless it is sent again. */
  readonly endMs: number;
}

/** The body of a request to an address, JSON. */
export function alertMessage(kind: AlertAddress['kind'], notices: readonly AlertNotice[]): string {
  if (kind === 'slack') return JSON.stringify({ text: notices.map(slackLine).join('\n') });
  const alerts = notices.map(alertOf);
  if (kind === 'alertmanager') return JSON.stringify(alerts);
  const withStatus = alerts.map((alert, index) => ({ status: notices[index]?.status, ...alert }));
  const status = notices.some((each) => each.status === 'firing') ? 'firing' : 'resolved';
  return JSON.stringify({ status, alerts: withStatus });
}

/** `postableAlert` of the API of Alertmanager, version 2. */
function alertOf({ alert, startMs, endMs }: AlertNotice) {
  const { rule, labels, value } = alert;
  return {
    labels,
    annotations: {
      summary: rule.summary,
      ...(rule.runbook === undefined ? {} : { runbook_url: rule.runbook }),
      ...(value === undefined ? {} : { value: String(value) }),
    },
    startsAt: new Date(startMs).toISOString(),
    endsAt: new Date(endMs).toISOString(),
  };
}

/** One line of Slack's mrkdwn, in which &, < and > are written as in HTML. */
function slackLine({ alert: { rule, labels, value }, status }: AlertNotice): string {
  const { alertname, severity, ...others } = labels;
  const where = Object.entries(others).map(([name, text]) => `${name}=${text}`);
  const parts = [
    `*${status === 'firing' ? 'FIRING' : 'RESOLVED'} ${alertname}* (${severity}): ${rule.summary}`,
    ...(value === undefined ? [] : [`value ${value}`]),
    ...(where.length === 0 ? [] : [where.join(' ')]),
    ...(rule.runbook === undefined ? [] : [rule.runbook]),
  ];
  return parts.join(' · ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
