import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@benchlab-otel/core';
import { afterAll, afterEach, expect, it, test } from 'vitest';
import { probed, startProbe } from '../host/testHost.suite.ts';
// Loaded here, so that its loading does not count into the first test.
import './agent.ts';
import './agentPage.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-agent-page-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let configs = 0;
/** The command line of an agent whose file has these lines in [web]. */
function args(...lines: readonly string[]): readonly string[] {
  const config = at(`${++configs}.toml`);
  writeFileSync(config, `[general]\nnode_name = "bench-1"\n[web]\n${lines.join('\n')}\n`);
  const own = ['--config', config, '--socket', at(`${configs}.sock`), '--metrics-port', '0'];
  return ['agent', ...own, '--simulate', '--no-host', '--no-nvml'];
}

/** An agent that is ended after the test, and the URL of its dashboard. */
async function served(...lines: readonly string[]) {
  const running = startProbe(args(...lines));
  closing.push(async () => {
    running.send('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });
  const [, url = ''] = await running.shown(/"dashboard":"([^"]+)"/);
  return { url, running };
}

it('joins the power of the agent with the latencies of an input, under the name of its node', async () => {
  const frames = at('frames.jsonl');
  writeFileSync(frames, '');
  const { url } = await served('bind = "127.0.0.1:0"', `inputs = ["${frames}"]`);
  const write = setInterval(() => {
    const kv = { lat_ms: 4.5, pair: ['ingress', 'encoded'] };
    writeFileSync(frames, `${JSON.stringify({ ts_aligned_ns: systemClock.nowNs(), source: 'metric.latency', kv })}\n`, {
      flag: 'a',
    });
  }, 20);
  closing.push(() => clearInterval(write));
  const rows = async () =>
    ((await (await fetch(`${url}api/live`)).json()) as { rows: { power_w: number | null }[] }).rows;
  await expect.poll(rows, { timeout: 20_000 }).toContainEqual({
    t: expect.any(Number),
    lat_ms: 4.5,
    power_w: expect.any(Number),
  });
  expect(await (await fetch(url)).text()).toContain('<title>benchlab</title>');
  const stream = (await (await fetch(`${url}api/events?after=0`)).json()) as { inputs: unknown[] };
  expect(stream.inputs).toMatchObject([
    { name: 'receivers', node: 'bench-1', condition: 'open' },
    { name: frames, node: 'bench-1' },
  ]);
});

it('shows the frames of the pipelines that the agent records, marked as simulated where they are', async () => {
  const config = at('recording.toml');
  writeFileSync(config, `[general]\ndata_root = "${at('data')}"\n[web]\nbind = "127.0.0.1:0"\n`);
  const own = ['--config', config, '--socket', at('recording.sock'), '--metrics-port', '0'];
  const running = startProbe(['agent', ...own, '--simulate', '--no-host', '--no-nvml']);
  const [, url = ''] = await running.shown(/"dashboard":"([^"]+)"/);
  const stream = () => fetch(`${url}api/events?after=0`).then((response) => response.text());

  await expect
    .poll(stream, { timeout: 20_000 })
    .toMatch(/"kind":"stage","timeMs":.*"stage":"encoded".*"simulated":true/);
  running.send('SIGTERM');
  expect((await running.ended).code).toBe(0);
});

it('shows itself to other hosts to those that have the token', async () => {
  writeFileSync(at('token'), 's3cret-s3cret-s3cret\n', { mode: 0o600 });
  const { url, running } = await served('bind = "0.0.0.0:0"', `token_file = "${at('token')}"`);
  const local = url.replace('0.0.0.0', '127.0.0.1');
  const headers = { authorization: 'Bearer s3cret-s3cret-s3cret' };

  expect((await fetch(`${local}api/live`)).status).toBe(401);
  expect((await fetch(`${local}api/live`, { headers })).status).toBe(200);
  running.send('SIGTERM');
  const { out, err } = await running.ended;
  expect(out + err).not.toContain('s3cret');
});

test.each([
  ['an open address without a token', ['bind = "0.0.0.0:0"'], /:4: web\.bind is "0\.0\.0\.0:0".*token_file/],
  ['an address without a port', ['bind = "127.0.0.1"'], /:4: web\.bind is "127\.0\.0\.1".*HOST:PORT/],
  ['an unknown key', ['bind = "127.0.0.1:0"', 'port = 1'], /:5: The key "port" is not known in \[web\]/],
  ['standard input', ['inputs = ["-"]'], /:4: web\.inputs\.0 is "-".*unix:PATH/],
  ['its own samples as an input', ['inputs = ["agent"]'], /:4: web\.inputs\.0 is "agent"/],
  ['a certificate without its key', ['cert_file = "a"'], /:4: web\.key_file is missing/],
  [
    'a token file that is not there',
    ['bind = "127.0.0.1:0"', 'token_file = "/no/file"'],
    /web\.token_file \(.*:5\).*ENOENT/,
  ],
  [
    'a token file without a token',
    ['bind = "127.0.0.1:0"', 'token_file = "/dev/null"'],
    /web\.token_file \(.*:5\).*one line/,
  ],
  [
    'a certificate that is not there',
    ['bind = "127.0.0.1:0"', 'cert_file = "/no/file"', 'key_file = "/no/file"'],
    /web\.cert_file \(.*:5\).*ENOENT/,
  ],
  [
    'an address of another host',
    ['bind = "192.0.2.1:0"', 'unprotected = true'],
    /web\.bind \(.*:4\).*address of this host/,
  ],
])('refuses %s, with exit code 2 and its line', async (_what, lines, message) => {
  const { code, err } = await probed(...args(...lines));

  expect(err.replaceAll('\n', ' ')).toMatch(message);
  expect(code).toBe(2);
});

it('refuses a port that is in use, with exit code 97, and leaves nothing behind', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  closing.push(() => taken.close());
  const { port } = taken.address() as { port: number };
  const { code, err } = await probed(...args(`bind = "127.0.0.1:${port}"`));

  expect(err).toMatch(new RegExp(`dashboard cannot listen: port ${port}.*web\\.bind`));
  expect(code).toBe(97);
});
