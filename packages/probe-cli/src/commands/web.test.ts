import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { probed, startProbe } from '../host/testHost.suite.ts';
// Loaded here, so that its loading does not count into the first test.
import '../web/runWeb.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-web-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
writeFileSync(at('token'), 's3cret-s3cret-s3cret\n');
writeFileSync(
  at('frames.jsonl'),
  [1, 2, 3]
    .map(
      (n) =>
        `{"ts_aligned_ns":${n * 1e9},"source":"metric.latency","kv":{"lat_ms":${n},"pair":["a","b"],"power_w":9}}\n`,
    )
    .join(''),
);
writeFileSync(at('theme.json'), JSON.stringify({ name: 'mine', kind: 'dark', ground: '#000000', text: '#111111' }));

/** The command at a free port, ended after the test. Its address. */
async function web(...args: readonly string[]) {
  const running = startProbe(['web', '--listen', '127.0.0.1:0', ...args]);
  onTestFinished(async () => {
    running.send('SIGTERM');
    expect((await running.ended).code).toBe(0);
    expect(running.listeners).toBe(0);
  });
  const [, url = ''] = await running.shown(/The dashboard is at (\S+)/);
  return { url, running };
}

it('serves the page, its settings and the newest rows of a file', async () => {
  const { url } = await web('--input', at('frames.jsonl'), '--baseline', at('frames.jsonl'), '--theme', 'release');
  expect(await (await fetch(url)).text()).toContain('<title>benchlab</title>');
  expect(await (await fetch(`${url}api/setup`)).json()).toMatchObject({
    theme: 'release',
    themes: [{ name: 'release' }, { name: 'dark' }, { name: 'light' }],
    baselines: [{ name: at('frames.jsonl'), summaries: [{ n: 3 }] }],
  });
  const { rows } = (await (await fetch(`${url}api/live`)).json()) as { rows: unknown[] };
  expect(rows).toEqual([1, 2, 3].map((n) => ({ t: n - 1, lat_ms: n, power_w: 9 })));
});

it('with a token, states how to open the page, and not the token', async () => {
  const { url, running } = await web('--input', at('frames.jsonl'), '--token-file', at('token'));
  await running.shown(/Open it once with the token of .*token: http:\/\/127\.0\.0\.1:\d+\/\?token=TOKEN/);
  expect((await fetch(url)).status).toBe(401);
  running.send('SIGTERM');
  const { out, err } = await running.ended;
  expect(out + err).not.toContain('s3cret');
});

it.each([
  ['no input', [], /No input is named/],
  ['an input twice', ['--input', 'a', '--input', 'a'], /named once/],
  ['an input that cannot be', ['--input', 'tcp:host'], /--input/],
  ['an address without a port', ['--input', 'a', '--listen', '127.0.0.1'], /HOST:PORT/],
  ['a name as the address', ['--input', 'a', '--listen', 'example.org:80'], /HOST:PORT/],
  ['a theme that there is not', ['--input', 'a', '--theme', 'drak'], /dark/],
  ['a theme that cannot be read', ['--input', 'a', '--theme', at('theme.json')], /cannot be used/],
  ['a baseline that is not there', ['--input', 'a', '--baseline', at('none.jsonl')], /none\.jsonl/],
  ['kernels that are not a list', ['--input', 'a', '--kernels', at('theme.json')], /not a list of kernels/],
  ['a certificate without its key', ['--input', 'a', '--tls-cert', 'x'], /--tls-cert and --tls-key/],
  [
    'a token file that is not there',
    ['--input', 'a', '--listen', '127.0.0.1:0', '--token-file', at('none')],
    /--token-file/,
  ],
])('refuses %s, with exit code 2 and what to write', async (_what, args, message) => {
  const { code, err } = await probed('web', ...args);
  expect(err).toMatch(message);
  expect(code).toBe(2);
});

it('refuses an address that other hosts reach without a token, and a port in use, with exit code 97', async () => {
  const open = await probed('web', '--input', 'a', '--listen', '0.0.0.0:0');
  expect([open.code, open.err]).toEqual([97, expect.stringContaining('--token-file')]);
  const { url } = await web('--input', at('frames.jsonl'));
  const taken = await probed('web', '--input', 'a', '--listen', `127.0.0.1:${new URL(url).port}`);
  expect([taken.code, taken.err]).toEqual([97, expect.stringContaining('is in use')]);
});
