// A backup of the real servers, and its restore into new ones: the same series, the same silences.
import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePorts, startServer, until } from '../process.ts';
import { startAlertmanager } from '../servers.ts';
import { inRepository, run } from './checks.ts';

const script = inRepository('scripts/backup.mjs');
const backup = (...args: readonly string[]) => run(process.execPath, [script, ...args]);

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-backup-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Prometheus on a folder, scraping itself each second. */
async function prometheusOn(tsdb: string, { admin = true, scrapes = true } = {}) {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const job = `scrape_configs: [{ job_name: self, static_configs: [{ targets: ["127.0.0.1:${port}"] }] }]`;
  const server = await startServer({
    program: 'prometheus',
    args: async (own) => {
      await writeFile(join(own, 'p.yml'), `global: { scrape_interval: 1s }\n${scrapes ? job : ''}\n`);
      const flags = [`--config.file=${join(own, 'p.yml')}`, `--storage.tsdb.path=${tsdb}`];
      return [...flags, `--web.listen-address=127.0.0.1:${port}`, ...(admin ? ['--web.enable-admin-api'] : [])];
    },
    readyUrl: `${url}/-/ready`,
  });
  onTestFinished(server.stop);
  /** All samples of `up` by their times. */
  const samples = async (): Promise<readonly string[]> => {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent('up{job="self"}[1h]')}`);
    const { data } = (await response.json()) as { data: { result: { values: [number, string][] }[] } };
    return data.result.flatMap(({ values }) => values.map((value) => value.join(' ')));
  };
  return { ...server, url, samples };
}

const quiet = 'route:\n  receiver: none\nreceivers:\n  - name: none\n';
const silence = (comment: string, hours: number) => ({
  matchers: [{ name: 'alertname', value: 'TargetDown', isRegex: false, isEqual: true }],
  startsAt: new Date().toISOString(),
  endsAt: new Date(Date.now() + hours * 3_600_000).toISOString(),
  createdBy: 'ada',
  comment,
});

async function silencesOf(url: string): Promise<readonly { id: string; comment: string; endsAt: string }[]> {
  const response = await fetch(`${url}/api/v2/silences`);
  return (await response.json()) as { id: string; comment: string; endsAt: string }[];
}

async function addSilence(url: string, comment: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(silence(comment, 2));
  const response = await fetch(`${url}/api/v2/silences`, { method: 'POST', headers, body });
  return ((await response.json()) as { silenceID: string }).silenceID;
}

test('a new Prometheus and a new Alertmanager have what the old ones had, after a restore', async () => {
  const folder = await scratch();
  const [tsdb, restored] = [join(folder, 'tsdb'), join(folder, 'restored')];
  const prometheus = await prometheusOn(tsdb);
  const alertmanager = await startAlertmanager(quiet);
  onTestFinished(alertmanager.stop);
  await addSilence(alertmanager.url, 'while the bench is moved');
  const over = await addSilence(alertmanager.url, 'was ended');
  await fetch(`${alertmanager.url}/api/v2/silence/${over}`, { method: 'DELETE' });
  await until('three samples', async () => (await prometheus.samples()).length >= 3);

  const { stdout } = await backup(
    ...['backup', '--out', folder, '--prometheus', prometheus.url, '--tsdb', tsdb],
    ...['--alertmanager', alertmanager.url],
  );
  const saved = stdout.trim();
  expect(await readdir(join(tsdb, 'snapshots'))).toEqual([]);
  const atLeast = (await prometheus.samples()).slice(0, 3);
  await prometheus.stop();
  await alertmanager.stop();

  const next = await startAlertmanager(quiet);
  onTestFinished(next.stop);
  await backup('restore', '--from', saved, '--tsdb', restored, '--alertmanager', next.url);
  const again = await prometheusOn(restored, { scrapes: false });

  expect(await again.samples()).toEqual(expect.arrayContaining([...atLeast]));
  expect((await silencesOf(next.url)).map(({ comment }) => comment)).toEqual(['while the bench is moved']);
});

test('a backup that was changed is refused, and nothing is restored', async () => {
  const folder = await scratch();
  const alertmanager = await startAlertmanager(quiet);
  onTestFinished(alertmanager.stop);
  await addSilence(alertmanager.url, 'one');
  const saved = (await backup('backup', '--out', folder, '--alertmanager', alertmanager.url)).stdout.trim();
  await appendFile(join(saved, 'silences.json'), ' ');

  await expect(backup('restore', '--from', saved, '--alertmanager', alertmanager.url)).rejects.toMatchObject({
    stderr: expect.stringContaining('silences.json of the backup was changed'),
  });
  expect(await silencesOf(alertmanager.url)).toHaveLength(1);
});

test('without the admin API there is no backup, and nothing that looks like one', async () => {
  const folder = await scratch();
  const tsdb = join(folder, 'tsdb');
  const prometheus = await prometheusOn(tsdb, { admin: false });
  const out = join(folder, 'out');

  await expect(backup('backup', '--out', out, '--prometheus', prometheus.url, '--tsdb', tsdb)).rejects.toMatchObject({
    stderr: expect.stringContaining('--web.enable-admin-api'),
  });
  expect(await readdir(out)).toEqual([]);
});

test.each([
  [[], /Usage/],
  [['backup'], /Usage/],
  [['backup', '--out', '/tmp'], /Name --prometheus, --alertmanager, or both/],
  [['backup', '--out', '/tmp', '--prometheus', 'http://127.0.0.1:1'], /--prometheus and --tsdb go together/],
  [['restore', '--from', '/no/such'], /Name --tsdb/],
  [['restore', '--from', '/no/such', '--tsdb', '/tmp/x'], /is not a backup, or is not complete/],
  [['backup', '--into', 'x'], /--into/],
])('backup.mjs refuses %j', async (args, message) => {
  await expect(backup(...args)).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
});

test('a folder that is not empty is not restored into', async () => {
  const folder = await scratch();
  const alertmanager = await startAlertmanager(quiet);
  onTestFinished(alertmanager.stop);
  const saved = (await backup('backup', '--out', folder, '--alertmanager', alertmanager.url)).stdout.trim();

  await expect(backup('restore', '--from', saved, '--tsdb', folder)).rejects.toMatchObject({
    stderr: expect.stringMatching(/has no series/),
  });
});
