import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { installed } from '../process.ts';
import { images, inRepository, run } from './checks.ts';

interface Service {
  readonly image: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly privileged?: boolean;
  readonly security_opt?: readonly string[];
  readonly network_mode?: string;
  readonly mem_limit?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly { readonly source: string }[];
  readonly ports?: readonly { readonly host_ip?: string; readonly published: string; readonly target: number }[];
  readonly volumes?: readonly { readonly type: string; readonly source: string; readonly target: string }[];
}

interface Project {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const folder = inRepository('collector-config/compose');
const everyProfile = ['gpu', 'logs', 'scale'];

/** The file as Compose understands it. */
async function project(
  profiles: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  more: readonly string[] = [],
): Promise<Project> {
  const args = ['--env-file', inRepository('deploy/images.env')];
  for (const file of ['compose.yaml', ...more]) args.push('--file', `${folder}/${file}`);
  for (const profile of profiles) args.push('--profile', profile);
  const { stdout } = await run(installed('docker-compose'), [...args, 'config', '--format', 'json'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  return JSON.parse(stdout) as Project;
}

test('Compose accepts the file with no profile, with each, and with all', async () => {
  const plain = Object.keys((await project()).services);
  expect(plain.sort()).toEqual(
    ['alertmanager', 'cadvisor', 'collector', 'grafana', 'jaeger', 'node-exporter', 'prometheus'].sort(),
  );
  expect(Object.keys((await project(['gpu'])).services)).toContain('dcgm-exporter');
  expect(Object.keys((await project(['logs'])).services)).toContain('loki');
  expect(Object.keys((await project(['scale'])).services)).toEqual(expect.arrayContaining(['gateway', 'kafka']));
  expect(Object.keys((await project(everyProfile)).services).length).toBeGreaterThan(plain.length + 2);
});

test('Compose refuses the file without the list of images, and names it', async () => {
  await expect(run(installed('docker-compose'), ['--file', `${folder}/compose.yaml`, 'config'])).rejects.toMatchObject({
    stderr: expect.stringContaining('pass --env-file ../../deploy/images.env'),
  });
});

test('Compose refuses a file with a key that it does not know', async () => {
  const text = (await readFile(`${folder}/compose.yaml`, 'utf8')).replace('mem_limit: 2g', 'memory_limit: 2g');
  const { writeFile, rm } = await import('node:fs/promises');
  const broken = `${folder}/.broken-${process.pid}.yaml`;
  await writeFile(broken, text);
  try {
    const args = ['--env-file', inRepository('deploy/images.env'), '--file', broken, 'config', '--quiet'];
    await expect(run(installed('docker-compose'), args)).rejects.toMatchObject({
      stderr: expect.stringContaining('memory_limit'),
    });
  } finally {
    await rm(broken);
  }
});

test('every service has a read-only root, no capability, no new privileges, a limit of memory and an exact image', async () => {
  const { services } = await project(everyProfile);
  const known = new Set(Object.values(await images()));

  for (const [name, service] of Object.entries(services)) {
    expect({ name, ...service }).toMatchObject({
      name,
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.any(String),
    });
    expect({ name, caps: service.cap_add, privileged: service.privileged ?? false }).toEqual({
      name,
      privileged: false,
    });
    expect(known).toContain(service.image);
    expect(service.image).not.toMatch(/:latest$|^[^:]+$/);
  }
});

test('every port is published on loopback only, and those of the stack can be moved', async () => {
  const usual = await project(everyProfile);
  const published = (of: Project) =>
    Object.values(of.services).flatMap(({ ports = [] }) => ports.map(({ published }) => Number(published)));
  for (const { ports = [] } of Object.values(usual.services)) {
    for (const port of ports) expect(port.host_ip).toBe('127.0.0.1');
  }
  expect(published(usual)).toEqual(expect.arrayContaining([3000, 9090, 9093, 4317, 4318]));

  const moved = { GRAFANA_PORT: '13000', PROMETHEUS_PORT: '19090', ALERTMANAGER_PORT: '19093' };
  expect(published(await project([], moved))).toEqual(expect.arrayContaining([13_000, 19_090, 19_093]));
});

test('no password has a default: Grafana takes it from a file, and does not start with an empty or short one', async () => {
  const { services, secrets } = await project();
  const { grafana } = services;

  expect(secrets['grafana-admin-password']?.file).toMatch(/secrets\/grafana-admin-password$/);
  expect(grafana?.secrets?.map(({ source }) => source)).toEqual(['grafana-admin-password']);
  expect(grafana?.environment).toMatchObject({
    GF_SECURITY_ADMIN_PASSWORD__FILE: '/run/secrets/grafana-admin-password',
    GF_AUTH_ANONYMOUS_ENABLED: 'false',
  });
  expect(JSON.stringify(grafana?.environment)).not.toMatch(/PASSWORD":/);

  const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
  const scratch = await mkdtemp('/tmp/benchlab-secret-');
  try {
    // The script of the image, with the file in another place and a stand-in for Grafana's own start.
    const file = `${scratch}/password`;
    const script = (grafana?.entrypoint?.[2] ?? '')
      .replaceAll('$$', '$')
      .replace('/run/secrets/grafana-admin-password', file)
      .replace('exec /run.sh', 'echo started');
    const start = () => run('sh', ['-c', script]);
    await expect(start()).rejects.toMatchObject({ stderr: expect.stringContaining('missing or shorter') });
    for (const short of ['', '\n', 'admin\n']) {
      await writeFile(file, short);
      await expect(start()).rejects.toMatchObject({ stderr: expect.stringContaining('missing or shorter') });
    }
    await writeFile(file, 'x'.repeat(24));
    expect((await start()).stdout).toBe('started\n');
  } finally {
    await rm(scratch, { recursive: true });
  }
});

test('what keeps data keeps it in a volume that is declared', async () => {
  const { services, volumes } = await project(everyProfile);
  const data = Object.entries(services).flatMap(([name, { volumes: mounts = [] }]) =>
    mounts.filter(({ type }) => type === 'volume').map(({ source, target }) => `${name} ${source} ${target}`),
  );

  expect(data).toEqual(
    expect.arrayContaining([
      'prometheus prometheus-data /prometheus',
      'alertmanager alertmanager-data /alertmanager',
      'grafana grafana-data /var/lib/grafana',
      'collector collector-data /var/lib/benchlab-otelcol',
    ]),
  );
  for (const each of data) expect(Object.keys(volumes)).toContain(each.split(' ')[1]);
});

test('only services whose image has a shell or wget have a health check', async () => {
  const { services } = await project(everyProfile);
  const checked = Object.entries(services).flatMap(([name, { healthcheck }]) => (healthcheck ? [name] : []));

  expect(checked.sort()).toEqual(['alertmanager', 'grafana', 'prometheus']);
});

test('every file and folder that a service mounts from the repository is there', async () => {
  const { services } = await project(everyProfile);
  const mounted = Object.values(services)
    .flatMap(({ volumes = [] }) => volumes)
    .filter(
      ({ type, source }) => type === 'bind' && source.startsWith(inRepository('')) && !source.includes('/secrets'),
    );

  expect(mounted.length).toBeGreaterThan(5);
  expect(mounted.map(({ source }) => source).filter((source) => !existsSync(source))).toEqual([]);
});

test("Prometheus accepts the targets of the stack, with the settings of the bench's own file", async () => {
  const file = `${folder}/prometheus.yml`;
  const { stdout } = await run(installed('promtool'), ['check', 'config', '--syntax-only', file]);
  const own = parse(await readFile(file, 'utf8'), { merge: true });
  const bench = parse(await readFile(inRepository('collector-config/prometheus/prometheus.yml'), 'utf8'), {
    merge: true,
  });

  expect(stdout).toContain('SUCCESS');
  for (const block of ['global', 'otlp', 'storage', 'rule_files']) expect(own[block]).toEqual(bench[block]);
});

test('Prometheus has the flags of the bench, on another address', async () => {
  const text = await readFile(inRepository('collector-config/prometheus/prometheus.flags'), 'utf8');
  const flags = text.split('\n').filter((line) => line.startsWith('--') && !line.startsWith('--web.listen-address='));
  const { services } = await project();

  expect(services.prometheus?.command).toEqual(expect.arrayContaining(flags));
});

test('every target of Prometheus is a service of the stack', async () => {
  const { services } = await project(everyProfile);
  const { scrape_configs: jobs } = parse(await readFile(`${folder}/prometheus.yml`, 'utf8'));
  const hosts = jobs.flatMap((job: { static_configs?: { targets: string[] }[] }) =>
    (job.static_configs ?? []).flatMap(({ targets }) => targets.map((target) => target.split(':')[0])),
  );

  for (const host of hosts) expect([...Object.keys(services), '127.0.0.1', 'host.docker.internal']).toContain(host);
});

test('Grafana has the provisioning and the dashboards of the repository, and nothing of them twice', async () => {
  const { grafana } = (await project()).services;
  const mounts = grafana?.volumes?.map(({ source, target }) => `${source} ${target}`) ?? [];

  expect(mounts).toContain(`${inRepository('monitoring/grafana/provisioning')} /etc/grafana/provisioning`);
  expect(mounts).toContain(`${inRepository('monitoring/grafana/dashboards')} /var/lib/grafana/dashboards`);
  const asked = await dataSourceVariables('provisioning');
  expect(Object.keys(grafana?.environment ?? {})).toEqual(expect.arrayContaining(asked));
});

test('passwords.yaml gives Grafana the data sources with passwords, and the folder of the passwords', async () => {
  const { grafana } = (await project([], {}, ['passwords.yaml'])).services;
  const mounts = grafana?.volumes?.map(({ source, target }) => `${source} ${target}`) ?? [];

  expect(mounts).toContain(
    `${inRepository('monitoring/grafana/provisioning-with-passwords/datasources')} /etc/grafana/provisioning/datasources`,
  );
  expect(mounts.some((mount) => mount.endsWith('secrets/datasources /run/secrets/datasources'))).toBe(true);
  const asked = await dataSourceVariables('provisioning-with-passwords');
  expect(Object.keys(grafana?.environment ?? {})).toEqual(expect.arrayContaining(asked));
});

/** The variables of the environment that the file of data sources asks for. */
async function dataSourceVariables(provisioning: string): Promise<string[]> {
  const text = await readFile(inRepository(`monitoring/grafana/${provisioning}/datasources/benchlab.yaml`), 'utf8');
  const names = [...text.matchAll(/(?<!\$)\$\{([A-Z_]+)\}/g)].map(([, name]) => name ?? '');
  expect(names).toHaveLength(4);
  return names;
}
