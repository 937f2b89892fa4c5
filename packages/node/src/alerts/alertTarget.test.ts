// A real HTTP server that answers as the test asks.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@benchlab-otel/core/testing';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { AlertAddress } from './alertOptions.ts';
import { checkedRules } from './alertRule.ts';
import type { ActiveAlert } from './alertStates.ts';
import { AlertTarget } from './alertTarget.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-alerts-'));
afterAll(() => rmSync(folder, { recursive: true }));
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const [rule] = checkedRules('rules', [
  { name: 'Hot', series: 'x', when: '> 1', severity: 'warning', summary: 'It is <hot>.', runbook: 'https://r/Hot' },
]);
const alert = (id: string): ActiveAlert => ({
  key: id,
  rule: rule as NonNullable<typeof rule>,
  labels: { alertname: 'Hot', severity: 'warning', hw_id: id },
  sinceNs: 1e9,
  isFiring: true,
  value: 95,
});

async function target(kind: AlertAddress['kind'] = 'alertmanager', more: Partial<AlertAddress> = {}) {
  const answer = { status: 200, location: '' };
  const requests: { url: string; authorization: string | undefined; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { authorization } = request.headers;
    requests.push({ url: request.url ?? '', authorization, body: JSON.parse(text) });
    response.writeHead(answer.status, answer.location === '' ? {} : { location: answer.location }).end('x');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const clock = new ManualClock();
  const log: string[] = [];
  const events = {
    failed: (reason: string) => void log.push(reason),
    recovered: (failures: number) => void log.push(`recovered after ${failures}`),
  };
  const url = `http://127.0.0.1:${port}/hook`;
  return { answer, requests, clock, log, url, target: new AlertTarget({ kind, url, ...more }, clock, events) };
}

/** Status and id of the alerts in a message to Alertmanager: a resolved one has ended. */
const states = (body: unknown, nowMs: number) =>
  (body as { labels: { hw_id: string }; endsAt: string }[]).map(({ labels, endsAt }) => [
    labels.hw_id,
    Date.parse(endsAt) > nowMs ? 'firing' : 'resolved',
  ]);
const wallMs = (clock: ManualClock) => Number(clock.anchor().epochNs / 1_000_000n) + 1;

it('sends an alert to Alertmanager once, again before it expires, and its end once', async () => {
  const { target: alertmanager, requests, clock } = await target();
  await alertmanager.inform([alert('a')]);
  await alertmanager.inform([alert('a')]);
  expect(requests.map(({ body }) => states(body, wallMs(clock)))).toEqual([[['a', 'firing']]]);
  const [first] = (requests[0]?.body ?? []) as { startsAt: string; endsAt: string; annotations: object }[];
  expect(Date.parse(first?.endsAt ?? '') - wallMs(clock)).toBeGreaterThan(200_000);
  expect(first?.annotations).toEqual({ summary: 'It is <hot>.', runbook_url: 'https://r/Hot', value: '95' });

  await clock.advanceMs(60_000);
  await alertmanager.inform([alert('a')]);
  await alertmanager.inform([]);
  await alertmanager.inform([]);

  expect(requests).toHaveLength(3);
  expect(states(requests[2]?.body, wallMs(clock))).toEqual([['a', 'resolved']]);
});

it('sends one message for each state to a webhook, with its token', async () => {
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'secret\n');
  const { target: webhook, requests, clock } = await target('generic', { tokenFile });
  await webhook.inform([alert('a')]);
  await clock.advanceMs(600_000);
  await webhook.inform([alert('a')]);
  await webhook.inform([alert('b')]);

  expect(requests.map(({ authorization }) => authorization)).toEqual(['Bearer secret', 'Bearer secret']);
  expect(requests[0]?.body).toMatchObject({ status: 'firing', alerts: [{ status: 'firing', labels: { hw_id: 'a' } }] });
  expect(requests[1]?.body).toMatchObject({
    status: 'firing',
    alerts: [
      { status: 'firing', labels: { hw_id: 'b' } },
      { status: 'resolved', labels: { hw_id: 'a' } },
    ],
  });
});

it("writes Slack's form, in which no text can become a link or a mention", async () => {
  const { target: slack, requests } = await target('slack');
  await slack.inform([alert('<!here>')]);
  await slack.inform([]);

  expect(requests.map(({ body }) => body)).toEqual([
    {
      text: '*FIRING Hot* (warning): It is &lt;hot&gt;. · value 95 · hw_id=&lt;!here&gt; · https://r/Hot',
    },
    { text: expect.stringContaining('*RESOLVED Hot*') },
  ]);
});

it.each([
  [400, '', 'It answers with status 400.'],
  [503, '', 'It answers with status 503.'],
  [302, 'http://127.0.0.1:1/elsewhere', 'It answers with status 302. Name the address that it redirects to.'],
])('tries again at growing intervals after an answer of %i, and then sends the present alone', async (...given) => {
  const [status, location, reason] = given;
  const { target: alertmanager, requests, answer, clock, log } = await target();
  Object.assign(answer, { status, location });
  await alertmanager.inform([alert('a')]);
  await alertmanager.inform([alert('a')]);
  expect(requests).toHaveLength(1);
  await clock.advanceMs(1_000);
  await alertmanager.inform([alert('a')]);
  await clock.advanceMs(1_000);
  await alertmanager.inform([alert('a')]);
  expect(requests).toHaveLength(2);

  // What fired and ended while nothing was delivered is never sent.
  Object.assign(answer, { status: 200, location: '' });
  await clock.advanceMs(60_000);
  await alertmanager.inform([alert('b')]);

  expect(requests).toHaveLength(3);
  expect(states(requests[2]?.body, wallMs(clock))).toEqual([['b', 'firing']]);
  expect(log).toEqual([reason, 'recovered after 2']);
});

it('sends the end of an alert that it could not send while the address was away', async () => {
  const { target: alertmanager, requests, answer, clock } = await target();
  await alertmanager.inform([alert('a')]);
  answer.status = 500;
  await alertmanager.inform([]);
  answer.status = 200;
  await clock.advanceMs(2_000);
  await alertmanager.inform([]);

  expect(states(requests.at(-1)?.body, wallMs(clock))).toEqual([['a', 'resolved']]);
  expect(requests).toHaveLength(3);
});

it('reports an address where nothing listens, and a token that is gone', async () => {
  const { target: alertmanager, log, url } = await target();
  const gone = new AlertTarget({ kind: 'generic', url, tokenFile: join(folder, 'none') }, new ManualClock(), {
    failed: (reason) => log.push(reason),
    recovered: () => undefined,
  });
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await alertmanager.inform([alert('a')]);
  await gone.inform([alert('a')]);

  expect(log).toEqual([expect.any(String), expect.stringContaining('alerts.tokenFile')]);
});
