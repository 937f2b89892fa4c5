// scripts/reload.sh on the real servers: each reads its configuration again, and the audit has one line for each attempt.
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemProgram } from '../../../scripts/stack-system.mjs';
import { freePorts, installed, startServer, until } from '../process.ts';
import { inRepository, run } from './checks.ts';

const script = inRepository('scripts/reload.sh');

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-reload-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Runs reload.sh with the programs of the stack; `line` is what it added to the log. */
async function reload(log: string, ...args: readonly string[]) {
  const env = {
    ...process.env,
    PROMTOOL: installed('promtool'),
    AMTOOL: installed('amtool'),
    OTELCOL: installed('benchlab-otelcol'),
    SUDO_USER: 'ada',
  };
  const ended = await run('sh', [script, ...args, '--log', log], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  const text = await readFile(log, 'utf8').catch(() => '');
  return { code: ended.code, stdout: ended.stdout, stderr: ended.stderr, lines: text.split('\n').slice(0, -1) };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('Prometheus takes a new configuration, and refuses a broken one: both are in the log', async () => {
  systemProgram('curl');
  const folder = await scratch();
  const [config, log, rules] = [join(folder, 'prometheus.yml'), join(folder, 'log/reloads.log'), join(folder, 'rules')];
  await mkdir(rules);
  const first = 'global:\n  scrape_interval: 10s\nrule_files: [rules/*.yml]\n';
  await writeFile(config, first);
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    program: 'prometheus',
    args: (own) => [`--config.file=${config}`, `--storage.tsdb.path=${own}`, `--web.listen-address=127.0.0.1:${port}`],
    readyUrl: `${url}/-/ready`,
  });
  onTestFinished(server.stop);
  const loaded = async () => JSON.stringify(await (await fetch(`${url}/api/v1/status/config`)).json());
  const args = ['prometheus', '--config', config, '--pid', `${server.pid}`, '--url', url];

  const second = first.replace('10s', '7s');
  await writeFile(config, second);
  const good = await reload(log, ...args);
  expect(good.code, good.stderr).toBe(0);
  expect(await loaded()).toContain('scrape_interval: 7s');
  expect(good.lines).toHaveLength(1);
  expect(good.lines[0]).toMatch(
    new RegExp(
      `^time=\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ actor=ada what=prometheus file=${config} sha256=${sha256(second)} sha256_all=[0-9a-f]{64} result=reloaded$`,
    ),
  );

  // A change of a rule alone has another hash too.
  await writeFile(join(rules, 'a.yml'), 'groups: []\n');
  const rule = await reload(log, ...args);
  const all = (line = '') => /sha256_all=(\S+)/.exec(line)?.[1];
  expect(rule.code).toBe(0);
  expect(rule.lines[1]).toContain(`sha256=${sha256(second)} `);
  expect(all(rule.lines[1])).not.toBe(all(rule.lines[0]));

  await writeFile(config, 'global:\n  scrape_interval: soon\n');
  const bad = await reload(log, ...args);
  expect(bad.code).toBe(1);
  expect(bad.stderr).toContain('soon');
  expect(bad.lines[2]).toMatch(/result=refused$/);
  expect(await loaded()).toContain('scrape_interval: 7s');
});

test('Alertmanager takes a new configuration, and one that the server does not take is failed', async () => {
  systemProgram('curl');
  const folder = await scratch();
  const [config, log] = [join(folder, 'alertmanager.yml'), join(folder, 'reloads.log')];
  const text = (name: string) => `route:\n  receiver: ${name}\nreceivers:\n  - name: ${name}\n`;
  await writeFile(config, text('first'));
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    program: 'alertmanager',
    args: (own) => [
      `--config.file=${config}`,
      `--storage.path=${own}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    readyUrl: `${url}/-/ready`,
  });
  onTestFinished(server.stop);

  await writeFile(config, text('second'));
  const good = await reload(log, 'alertmanager', '--config', config, '--pid', `${server.pid}`, '--url', url);
  expect(good.code, good.stderr).toBe(0);
  expect(JSON.stringify(await (await fetch(`${url}/api/v2/status`)).json())).toContain('second');

  // The file that is checked is good, and the server reads another one, which is not.
  const other = join(folder, 'other.yml');
  await cp(config, other);
  await writeFile(config, 'route: broken\n');
  const failed = await reload(log, 'alertmanager', '--config', other, '--pid', `${server.pid}`, '--url', url);
  expect(failed.code).toBe(1);
  expect(failed.lines[1]).toMatch(/what=alertmanager .* result=failed$/);
});

test('the collector takes a new configuration', async () => {
  const folder = await scratch();
  const [config, log] = [join(folder, 'collector.yaml'), join(folder, 'reloads.log')];
  const [health, telemetry, otlp, next] = await freePorts(4);
  const text = (port: number | undefined) => `
extensions: { health_check: { endpoint: "127.0.0.1:${health}" } }
receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:${port}" } } } }
exporters: { debug: {} }
service:
  extensions: [health_check]
  pipelines: { traces: { receivers: [otlp], exporters: [debug] } }
  telemetry: { metrics: { readers: [{ pull: { exporter: { prometheus: { host: 127.0.0.1, port: ${telemetry} } } } }] } }
`;
  await writeFile(config, text(otlp));
  const server = await startServer({
    program: 'benchlab-otelcol',
    args: () => [`--config=file:${config}`],
    readyUrl: `http://127.0.0.1:${health}/`,
  });
  onTestFinished(server.stop);

  await writeFile(config, text(next));
  const good = await reload(log, 'collector', '--config', config, '--pid', `${server.pid}`);
  expect(good.code, good.stderr).toBe(0);
  expect(good.lines[0]).toMatch(/what=collector .* result=reloaded$/);
  await until('the new port', () =>
    fetch(`http://127.0.0.1:${next}/v1/traces`).then(
      () => true,
      () => false,
    ),
  );

  await writeFile(config, text(next).replace('debug: {}', 'nothing: {}'));
  const bad = await reload(log, 'collector', '--config', config, '--pid', `${server.pid}`);
  expect([bad.code, bad.lines[1]]).toEqual([1, expect.stringMatching(/result=refused$/)]);
  expect((await fetch(`http://127.0.0.1:${health}/`)).status).toBe(200);
});

test.each([
  [[], /"--log" is not one of prometheus, alertmanager, collector/],
  [['grafana'], /"grafana" is not one of/],
  [['prometheus', '--pid', '1'], /--config is missing/],
  [['prometheus', '--config', '/no/such/file.yml', '--pid', '1'], /there is no file \/no\/such\/file\.yml/],
  [['prometheus', '--config', '/etc/hostname'], /Name the server/],
  [['prometheus', '--config', '/etc/hostname', '--pid', 'x'], /--pid "x" is not a number/],
  [['prometheus', '--config', '/etc/hostname', '--pid', '1', '--unit', 'x'], /Name one server/],
  [['prometheus', '--cfg', 'x'], /--cfg is not understood/],
])('reload.sh refuses %j, and writes nothing into the log', async (args, message) => {
  const folder = await scratch();
  const refused = await reload(join(folder, 'log'), ...args);

  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(message);
  expect(refused.lines).toEqual([]);
});
